/** Results that are kept under what they are a function of, so that nothing is simulated twice. */
import type { MachineConfig } from '../../models/config.js';
import type { RunResult } from '../../models/run-result.js';

/** Where results are kept. */
export interface Memo {
  /** The key of a configuration; with the number of a replication it names one result. */
  keyOf(config: MachineConfig): string;
  has(key: string, replication: number): boolean;
  /** @throws Error when it has none */
  read(key: string, replication: number): RunResult;
  /**
   * Keeps a result.
   * @param text the `RunResult` as JSON
   */
  add(key: string, replication: number, text: string): void;
}
