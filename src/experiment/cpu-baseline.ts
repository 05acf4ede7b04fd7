/** What one CPU core does without a DSA: measured by LightDSA on a Sapphire Rapids class Xeon, not simulated. */
import {
  MEASURED_FILE,
  measuredText,
  measuredValue,
  parseMeasured,
  wholeCell,
} from './validation/measured.js';

const MIB = 1048576;
/** LightDSA walked its buffers from end to end in these rows. */
const ROWS = /^LD4_seq_cpu_/;

/** Throughput of one core over the transfer size. */
export interface CpuCurve {
  /** Ascending [B]. */
  readonly sizes: readonly number[];
  /** [B/s] */
  readonly throughput: readonly number[];
  readonly source: string;
}

let curves: Map<string, CpuCurve> | undefined;

/**
 * The measured curve of an operation by its name in workloads, or null where nobody measured one.
 * @throws DocumentError when the table cannot be read
 */
export function cpuCurve(operation: string): CpuCurve | null {
  curves ??= readCurves();
  return curves.get(operation) ?? null;
}

/**
 * Throughput of one core at a size, on straight lines between logarithms of what was measured [B/s].
 * @returns null outside the sizes measured
 */
export function cpuThroughput({ sizes, throughput }: CpuCurve, size: number): number | null {
  const next = sizes.findIndex((each) => each >= size);
  if (next < 0 || size < sizes[0]!) return null;
  if (sizes[next] === size) return throughput[next]!;
  const [a, b] = [Math.log(sizes[next - 1]!), Math.log(sizes[next]!)];
  const share = (Math.log(size) - a) / (b - a);
  const [from, to] = [Math.log(throughput[next - 1]!), Math.log(throughput[next]!)];
  return Math.exp(from + share * (to - from));
}

function readCurves(): Map<string, CpuCurve> {
  const rows = parseMeasured(measuredText()).filter(
    ({ id, quantity, unit }) => ROWS.test(id) && quantity === 'throughput' && unit === 'MiB/s',
  );
  const read = new Map<string, { size: number; rate: number; source: string }[]>();
  for (const row of rows) {
    const list = read.get(row.operation) ?? [];
    list.push({ size: wholeCell(row, 'size_bytes'), rate: measuredValue(row) * MIB, source: row.source });
    read.set(row.operation, list);
  }
  if (read.size === 0) throw new RangeError(`${MEASURED_FILE} has no row of one CPU core`);
  return new Map(
    [...read].map(([operation, list]) => {
      list.sort((a, b) => a.size - b.size);
      const curve: CpuCurve = {
        sizes: list.map(({ size }) => size),
        throughput: list.map(({ rate }) => rate),
        source: list[0]!.source,
      };
      return [operation, curve];
    }),
  );
}
