/** Reports for the register tests. */
import type { ErrorReport } from '../../src/core/error-report.js';

export const errorReport = (code: number, changes: Partial<ErrorReport> = {}): ErrorReport => ({
  code,
  workQueue: 0,
  operation: 3,
  pasid: 42,
  priv: 0,
  batchIndex: null,
  writeFault: false,
  operand: 0,
  address: 0x1234_5000,
  invalidFlags: 0,
  interruptHandle: 0,
  requestsInterrupt: false,
  requestsRecord: true,
  messageStore: false,
  record: new Uint8Array(32),
  ...changes,
});
