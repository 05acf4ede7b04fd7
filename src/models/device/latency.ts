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

/** From the last source byte on the fabric until the engine is done with the sources [ps]. */
export function readTailPs(operands: OperandList, p: ParameterValues): number {
  const growthPs = Math.round(doublings(operands.bytesRead) * p['memory.read_growth']);
  const secondPs = hasTwoSources(operands) ? p['engine.second_source'] : 0;
  return p['engine.read_latency'] + growthPs + secondPs;
}

/** When the destination is visible, its last byte having reached the engine's output at `fromPs` [ps]. */
export function writtenPs(
  transfer: Transfer,
  fromPs: number,
  dataPath: DataPath,
  p: ParameterValues,
): number {
  const { operands, partialWrites, startedPs } = transfer;
  const growthPs = Math.round(doublings(operands.bytesWritten) * p['memory.write_growth']);
  const latencyPs = transfer.writesCache ? p['engine.cached_write_latency'] : p['engine.write_latency'];
  const farPs = dataPath.writeExtraPs(transfer.placement);
  let endPs = fromPs + latencyPs + growthPs + farPs;
  if (operands.bytesRead > 0) {
    // Reads run ahead until they hold all read buffers, then wait once for the first writes to drain. A line that
    // straddles two of the destination drains only after both.
    const beyond = Math.max(0, Math.ceil(operands.bytesWritten / LINE_BYTES) - dataPath.readBuffers);
    const stallPs = Math.min(beyond * p['engine.copy_fill_line'], p['engine.copy_fill_limit']);
    endPs += partialWrites > 0 ? 2 * stallPs : stallPs;
  }
  if (partialWrites > 0) {
    const readPs = operands.bytesRead > 0 ? p['engine.read_latency'] : 0;
    const partialPs = (partialWrites * p['memory.partial_write_latency']) / 2;
    const ownPs = dataPath.engineTimePs(operands.bytesWritten) * p['memory.partial_write_overlap'];
    endPs = Math.max(endPs, startedPs + readPs + Math.round(partialPs + ownPs));
  }
  return transfer.readsBack ? endPs + p['engine.readback_latency'] : endPs;
}

/** How long a transfer with partial writes keeps the next one from starting [ps]. */
export function partialHoldPs(transfer: Transfer, dataPath: DataPath, p: ParameterValues): number {
  const ownPs = dataPath.engineTimePs(transfer.operands.bytesWritten) * p['memory.partial_write_overlap'];
  return transfer.partialWrites * p['memory.partial_write'] + Math.round(ownPs);
}

/** From the completion record until all writes of the data are acknowledged, beyond the record's own [ps]. */
export function acknowledgePs(operands: OperandList, p: ParameterValues): number {
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
