/** The first descriptors that finish in the measured phase, whole: what a drawing of engines and queues is made of. */
import { type DescriptorRow, STAGE, STAGE_COUNT } from './descriptor-row.js';
import type { ExcerptRow } from './run-result.js';
import { addTiles } from './tiles.js';

/** Descriptors kept of a replication that is drawn: enough to see a full queue pass through the engines, few enough to draw. */
export const EXCERPT_ROWS = 40;

/** See the head of this file. */
export class Excerpt {
  private readonly rows: ExcerptRow[] = [];

  /** @param most descriptors that are kept */
  constructor(private readonly most: number) {}

  /** Whether more are wanted. */
  get wanted(): boolean {
    return this.rows.length < this.most;
  }

  /** Keeps a descriptor that has just finished. */
  add(descriptor: DescriptorRow): void {
    const tiles = new Float64Array(STAGE_COUNT);
    addTiles(descriptor, tiles);
    // Of work that was taken up again after a fault the last attempt is shown, where it was.
    tiles[STAGE.fault]! -= descriptor.carriedPs;
    const { thread, queue, engine, startPs } = descriptor;
    this.rows.push({ thread, queue, engine, startPs, stagePs: Array.from(tiles) });
  }

  /** What was kept, by start, then as they finished. */
  toJSON(): ExcerptRow[] {
    return [...this.rows].sort((a, b) => a.startPs - b.startPs);
  }
}
