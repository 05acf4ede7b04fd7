/**
 * What a transfer takes beyond the data path: closed forms for its last line, for partial writes, and for
 * acknowledgement. Latency grows with the logarithm of the number of lines: more lines, a slower slowest one.
 */
import { OPERAND, type OperandList } from '../../core/operands.js';
import type { ParameterValues } from '../parameters.js';
import type { DataPath } from './data-path.js';
import type { Transfer } from './transfer.js';

const LINE_BYTES = 64;
/** Logarithms of the usual numbers of lines, up to 256 KiB. */
const LOGARITHMS = Float64Array.from({ length: 4097 }, (_, lines) => Math.log2(lines));

/** The times of a transfer that depend on its shape alone. */
export interface PlannedLatency {
  /** From the last source byte on the fabric until the engine is done with the sources [ps]. */
  readTailPs: number;
  /** From there, or from the last byte at the engine's output, until the destination is visible [ps]. */
  writeTailPs: number;
  /** With partial writes, the least from the start of its data until the destination is visible; else 0 [ps]. */
  partialPs: number;
  /** With partial writes, how long it keeps the next such transfer from starting; else 0 [ps]. */
  partialHoldPs: number;
  /** Reading the destination back, where it asks for that; else 0 [ps]. */
  readbackPs: number;
  /** From the completion record until all writes of the data are acknowledged, beyond the record's own [ps]. */
  acknowledgePs: number;
}

/** Works out the latencies of a transfer, whose other fields are set. */
export function planLatency(transfer: Transfer, dataPath: DataPath, p: ParameterValues): void {
  const { operands, partialWrites, readsBack } = transfer;
  const ownPs = dataPath.engineTimePs(operands.bytesWritten) * p['memory.partial_write_overlap'];
  transfer.readTailPs = operands.bytesRead > 0 ? readTailPs(operands, p) : 0;
  transfer.writeTailPs = operands.bytesWritten > 0 ? writeTailPs(transfer, dataPath, p) : 0;
  transfer.partialPs = partialWrites > 0 ? partialPs(transfer, ownPs, p) : 0;
  transfer.partialHoldPs =
    partialWrites > 0 ? partialWrites * p['memory.partial_write'] + Math.round(ownPs) : 0;
  transfer.readbackPs = readsBack ? p['engine.readback_latency'] : 0;
  transfer.acknowledgePs = acknowledgePs(operands, p);
}

function readTailPs(operands: OperandList, p: ParameterValues): number {
  const growthPs = Math.round(doublings(operands.bytesRead) * p['memory.read_growth']);
  const secondPs = hasTwoSources(operands) ? p['engine.second_source'] : 0;
  return p['engine.read_latency'] + growthPs + secondPs;
}

function writeTailPs(transfer: Transfer, dataPath: DataPath, p: ParameterValues): number {
  const { operands, partialWrites } = transfer;
  const growthPs = Math.round(doublings(operands.bytesWritten) * p['memory.write_growth']);
  const latencyPs = transfer.writesCache ? p['engine.cached_write_latency'] : p['engine.write_latency'];
  const tailPs = latencyPs + growthPs + transfer.memory.writeExtraPs;
  if (operands.bytesRead === 0) return tailPs;
  // Reads run ahead until they hold all read buffers, then wait once for the first writes to drain. A line that
  // straddles two of the destination drains only after both.
  const beyond = Math.max(0, Math.ceil(operands.bytesWritten / LINE_BYTES) - dataPath.readBuffers);
  const stallPs = Math.min(beyond * p['engine.copy_fill_line'], p['engine.copy_fill_limit']);
  return tailPs + (partialWrites > 0 ? 2 * stallPs : stallPs);
}

function partialPs({ operands, partialWrites }: Transfer, ownPs: number, p: ParameterValues): number {
  const readPs = operands.bytesRead > 0 ? p['engine.read_latency'] : 0;
  return readPs + Math.round((partialWrites * p['memory.partial_write_latency']) / 2 + ownPs);
}

/** When the destination is visible, its last byte having reached the engine's output at `fromPs` [ps]. */
export function writtenPs(transfer: Transfer, fromPs: number): number {
  const endPs = fromPs + transfer.writeTailPs;
  if (transfer.partialPs === 0) return endPs + transfer.readbackPs;
  return Math.max(endPs, transfer.startedPs + transfer.partialPs) + transfer.readbackPs;
}

function acknowledgePs(operands: OperandList, p: ParameterValues): number {
  if (operands.bytesWritten === 0) return 0;
  const growthPs = Math.round(doublings(operands.bytesWritten) * p['memory.acknowledge_growth']);
  return p['engine.write_acknowledge'] + growthPs;
}

/** Doublings of the lines of a transfer: 0 for one line [log2]. */
function doublings(bytes: number): number {
  if (bytes <= LINE_BYTES) return 0;
  const lines = Math.ceil(bytes / LINE_BYTES);
  return lines < LOGARITHMS.length ? LOGARITHMS[lines]! : Math.log2(lines);
}

/** Whether an operation needs two sources at once. */
function hasTwoSources(operands: OperandList): boolean {
  return operands.count > 1 && operands.field[1] === OPERAND.source2;
}
