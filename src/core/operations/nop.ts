import type { Operation } from '../operation-context.js';

/** Completes without touching data (specification 8.3.1): a carrier for fences, interrupts and records. */
export const nop: Operation = () => {};
