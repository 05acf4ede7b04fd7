/**
 * Which constants the calibration chooses. A constant that was read in a source stays as it was read; one that was
 * derived or assumed is fitted within its declared range, unless no row of the calibration set depends on it.
 */
import { PARAMETERS, type ParameterDeclaration } from '../../models/parameters.js';

/** Parts of the model that the calibration set exercises. */
const ROOMS = /^(host|device|engine|fabric|memory|translation)\./;

/** Constants that no row depends on, or that are not the model's to choose. */
const FIXED: ReadonlySet<string> = new Set([
  // Software choices and limits that no measured program runs into.
  'host.completion_timeout',
  // What interrupts cost was measured by itself.
  'host.interrupt_notification',
  // Far memory, and what several devices share: no row has either.
  'memory.remote_latency',
  'memory.cxl_latency',
  'memory.dram_bandwidth',
  'memory.remote_bandwidth',
  'memory.cxl_bandwidth',
  'memory.peer_latency',
  'memory.peer_bandwidth',
  // What sources say of other parts: no row tells these from their neighbours, but by luck.
  'translation.iotlb_entries',
  'translation.walkers',
  // Paths that no row takes: guests without PASID translation in software, nested walks of other processors.
  'translation.walk_nested',
]);

/** The fitted constants, in the order in which a descriptor meets them. */
export const FITTED: readonly ParameterDeclaration[] = (PARAMETERS as readonly ParameterDeclaration[]).filter(
  ({ name, trust, dimension }) =>
    ROOMS.test(name) &&
    (trust === 'derived' || trust === 'assumed') &&
    dimension !== 'size' &&
    !FIXED.has(name),
);
