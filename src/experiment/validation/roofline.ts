/**
 * The model to beat: a closed form without queues. A descriptor takes max(fixed, size / bandwidth + overhead), with
 * constants per operation and way of submission taken from the aligned rows; a program with c submissions
 * outstanding is bound by its submission interval, by a round trip shared by c, or by the device.
 */
import { medianOf } from '../../analysis/scoring.js';
import { isAligned } from './families.js';
import { type MeasuredRow, measuredValue, wholeCell } from './measured.js';

type Style = 'async batches' | 'async singles' | 'sync single';

const STYLES: readonly Style[] = ['async batches', 'async singles', 'sync single'];
const OPERATIONS = ['memmove', 'fill', 'compare'] as const;
const MIB = 1048576;
const NS = 1e9;

/** Constants of one operation submitted in one way. */
export interface RooflineConstants {
  readonly operation: string;
  readonly style: Style;
  /** [ns] */
  readonly fixed: number;
  /** [ns] */
  readonly overhead: number;
  /** [B/s] */
  readonly bandwidth: number;
}

/** A fitted roofline. */
export interface Roofline {
  readonly constants: readonly RooflineConstants[];
  /** A batch of two through a dedicated queue less its two members, hw-eval [ns]. */
  readonly batchLatency: number;
  /** One submission to one portal address [ns]. */
  readonly interval: number;
  /** One submission outstanding at a time, by operation and size, hw-eval [ns]. */
  readonly roundTrip: number;
}

/** Takes the constants from the calibration set. */
export function fitRoofline(rows: readonly MeasuredRow[]): Roofline {
  const sweep = rows.filter((row) => row.id.startsWith('LD1_') && isAligned(row));
  const constants = OPERATIONS.flatMap((operation) => {
    const own = sweep.filter((row) => row.operation === operation);
    const largest = own.filter((row) => row.submission === 'async batches' && size(row) === MIB);
    const bandwidth = middle(largest.map((row) => measuredValue(row) * MIB));
    return STYLES.map((style): RooflineConstants => {
      const rowsOf = own.filter((row) => row.submission === style);
      const small = rowsOf.filter((row) => size(row) <= 256);
      const large = rowsOf.filter((row) => size(row) >= (style === 'sync single' ? 16384 : 2048));
      return {
        operation,
        style,
        fixed: middle(small.map(sweepNs)),
        overhead: middle(large.map((row) => sweepNs(row) - (size(row) / bandwidth) * NS)),
        bandwidth,
      };
    });
  });
  const byId = (id: string): MeasuredRow => rows.find((row) => row.id === id)!;
  const member = perDescriptor(constants, 'memmove', 'async batches', 4096);
  return {
    constants,
    batchLatency: measuredValue(byId('HE_dedicated_lat_batch_memmove_4096_n2_median')) - 2 * member,
    interval: measuredValue(byId('DER_movdir')),
    roundTrip: 1e3 / measuredValue(byId('HE_dedicated_thr_memmove_64_c1')),
  };
}

/** What the closed form says of a row, in the row's unit; null where it has nothing to say. */
export function rooflinePrediction(roofline: Roofline, row: MeasuredRow): number | null {
  const { constants } = roofline;
  if (row.id.startsWith('LD1_')) {
    const each = perDescriptor(constants, row.operation, row.submission as Style, size(row));
    return ((size(row) / each) * NS) / MIB;
  }
  if (row.id.startsWith('HE_dedicated_lat_batch_')) {
    const member = perDescriptor(constants, 'memmove', 'async batches', size(row));
    return roofline.batchLatency + wholeCell(row, 'batch') * member;
  }
  if (row.id.startsWith('HE_dedicated_thr_')) {
    const batch = wholeCell(row, 'batch');
    const member = perDescriptor(constants, 'memmove', 'async batches', size(row));
    const alone = roofline.roundTrip + (batch > 1 ? batch * member : member);
    const each = Math.max(roofline.interval, batch * member, alone / wholeCell(row, 'concurrency'));
    return (batch / each) * 1e3;
  }
  return null;
}

/** Time of one descriptor [ns]. */
function perDescriptor(
  constants: readonly RooflineConstants[],
  operation: string,
  style: Style,
  sizeBytes: number,
): number {
  const own = constants.find((c) => c.operation === operation && c.style === style)!;
  return Math.max(own.fixed, (sizeBytes / own.bandwidth) * NS + own.overhead);
}

function size(row: MeasuredRow): number {
  return wholeCell(row, 'size_bytes');
}

/** Time of one descriptor from a rate in MiB/s [ns]. */
function sweepNs(row: MeasuredRow): number {
  return (size(row) / (measuredValue(row) * MIB)) * NS;
}

function middle(values: readonly number[]): number {
  return medianOf([...values].sort((a, b) => a - b));
}
