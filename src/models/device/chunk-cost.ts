/** What one chunk asks of everything that its data passes. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { NO_MEMORY } from '../memory/memory-kind.js';

/** Kept by a transfer: the chunks of one shape cost the same, and most transfers are one chunk. */
export class ChunkCost {
  /** Chunk that it is worked out for, or -1. */
  chunk = -1;
  /** Bytes that it reads and writes [B]. */
  reads = 0;
  writes = 0;
  /** Bytes beside them on the fabric [B]. */
  extra = 0;
  /** Time that it occupies the engine; the same with the turn to another descriptor [ps]. */
  enginePs = DOUBLE_ZERO;
  turnedPs = DOUBLE_ZERO;
  /** Time that it occupies memory [ps]. */
  memoryPs = DOUBLE_ZERO;
  memoryPort = NO_MEMORY.port;
  /** Time that it occupies the fabric in either direction [ps]. */
  readPs = DOUBLE_ZERO;
  writePs = DOUBLE_ZERO;
  /** Time that its lines hold the read buffers: what the group may hold, the global limit, its own, the shared ones; 0 where there are none [ps]. */
  heldPs = DOUBLE_ZERO;
  limitedPs = DOUBLE_ZERO;
  reservedPs = DOUBLE_ZERO;
  sharedPs = DOUBLE_ZERO;
}
