/** What one chunk asks of everything that its data passes. */

/** Kept by a transfer: the chunks of one shape cost the same, and most transfers are one chunk. */
export class ChunkCost {
  /** Chunk that it is worked out for, or -1. */
  chunk = -1;
  /** Bytes that it reads and writes [B]. */
  reads = 0;
  writes = 0;
  /** Time that it occupies the engine, and the fabric in either direction [ps]. */
  enginePs = 0;
  readPs = 0;
  writePs = 0;
  /** Time that its lines hold the read buffers: what the group may hold, the global limit, its own, the shared ones; 0 where there are none [ps]. */
  groupPs = 0;
  limitedPs = 0;
  reservedPs = 0;
  sharedPs = 0;
}
