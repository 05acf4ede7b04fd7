/**
 * Backing storage of an address space: a few large buffers, each seen as bytes, words and doubles, so that a
 * whole-range operation is one call of the engine's own copy, fill or compare.
 */
import { DOUBLE_ZERO } from '../sim/double-zero.js';

/** Largest arena made for scattered pages [B]; a larger mapping gets an arena of its own size. */
const LARGEST_SHARED_BYTES = 16 * 1024 * 1024;

/** The first arena [B]: small, since many an address space holds a few pages only; each is twice the last. */
const FIRST_BYTES = 16 * 1024;

/** One buffer and its views. Offsets into it are [B]. */
export class Arena {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  /** The same bytes again, for the host's memory comparison, which needs no subarray (see `mismatch`). */
  readonly host: Buffer;
  used = DOUBLE_ZERO;

  constructor(readonly capacityBytes: number) {
    const buffer = new ArrayBuffer(capacityBytes);
    this.bytes = new Uint8Array(buffer);
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.host = Buffer.from(buffer);
  }
}

/** Hands out page-aligned pieces of arenas; early requests share one arena, so that copies stay inside it. */
export class ArenaAllocator {
  private current: Arena | undefined;
  private nextBytes = FIRST_BYTES;

  /** An arena with `bytes` free at `arena.used`; the caller's piece starts at the old value of `used`. */
  reserve(bytes: number): Arena {
    let arena = this.current;
    if (arena === undefined || arena.used + bytes > arena.capacityBytes) {
      arena = new Arena(Math.max(bytes, this.nextBytes));
      this.nextBytes = Math.min(this.nextBytes * 2, LARGEST_SHARED_BYTES);
      this.current = arena;
    }
    arena.used += bytes;
    return arena;
  }
}
