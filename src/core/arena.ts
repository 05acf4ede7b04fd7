/**
 * Backing storage of an address space: a few large buffers, each seen as bytes, words and doubles, so that a
 * whole-range operation is one call of the engine's own copy, fill or compare.
 */
import { DOUBLE_ZERO } from '../sim/double-zero.js';

/** Largest arena made for scattered pages [B]; a larger mapping gets an arena of its own size. */
const LARGEST_SHARED_BYTES = 16 * 1024 * 1024;

/** The first arena [B]: small, since many an address space holds a few pages only; each is twice the last. */
const FIRST_BYTES = 16 * 1024;

/** Most that is kept of what was given back [B]: what the largest of the usual simulations uses. */
const MOST_SPARE_BYTES = 128 * 1024 * 1024;

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

/**
 * Arenas that were given back, by their capacity, and how much that is [B]. New memory comes from the operating system page by
 * page, each of them zeroed: that costs about as much as what a simulation then writes there.
 */
const spare = new Map<number, Arena[]>();
let spareBytes = 0;

/** Hands out page-aligned pieces of arenas; early requests share one arena, so that copies stay inside it. */
export class ArenaAllocator {
  private current: Arena | undefined;
  private readonly arenas: Arena[] = [];
  private nextBytes = FIRST_BYTES;

  /** @param takesUsed whether storage may hold what somebody else has left there; if not, it is zero */
  constructor(private readonly takesUsed = false) {}

  /** An arena with `bytes` free at `arena.used`; the caller's piece starts at the old value of `used`. */
  reserve(bytes: number): Arena {
    let arena = this.current;
    if (arena === undefined || arena.used + bytes > arena.capacityBytes) {
      arena = this.take(Math.max(bytes, this.nextBytes));
      this.nextBytes = Math.min(this.nextBytes * 2, LARGEST_SHARED_BYTES);
      this.current = arena;
    }
    arena.used += bytes;
    return arena;
  }

  /** Gives all storage back, for others to use: nobody may look at it any more. */
  release(): void {
    this.current = undefined;
    for (const arena of this.arenas.splice(0)) {
      if (spareBytes + arena.capacityBytes > MOST_SPARE_BYTES) continue;
      spareBytes += arena.capacityBytes;
      arena.used = 0;
      const others = spare.get(arena.capacityBytes);
      if (others === undefined) spare.set(arena.capacityBytes, [arena]);
      else others.push(arena);
    }
  }

  private take(bytes: number): Arena {
    let arena = this.takesUsed ? spare.get(bytes)?.pop() : undefined;
    if (arena === undefined) arena = new Arena(bytes);
    else spareBytes -= bytes;
    this.arenas.push(arena);
    return arena;
  }
}
