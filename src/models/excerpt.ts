/** The first descriptors that finish in the measured phase, whole: what a drawing of engines and queues is made of. */
import { type DescriptorTable, STAGE, STAGE_COUNT } from './descriptor-table.js';
import type { ExcerptRow } from './run-result.js';

/** Descriptors kept: enough to see a full queue pass through the engines, few enough to draw. */
const MOST = 40;

/** See the head of this file. */
export class Excerpt {
  private readonly rows: ExcerptRow[] = [];

  /** Whether more are wanted. */
  get wanted(): boolean {
    return this.rows.length < MOST;
  }

  /**
   * Keeps a row that has just finished.
   * @param tiles exposed time of each stage, as `latencyTiles` gives it [ps]
   */
  add(table: DescriptorTable, row: number, tiles: Float64Array): void {
    const stagePs = Array.from({ length: STAGE_COUNT }, (_, stage) => tiles[stage]!);
    // Of work that was taken up again after a fault the last attempt is shown, where it was.
    stagePs[STAGE.fault]! -= table.carriedPs[row]!;
    this.rows.push({
      thread: table.thread[row]!,
      queue: table.queue[row]!,
      engine: table.engine[row]!,
      startPs: table.startPs[row]!,
      stagePs,
    });
  }

  /** What was kept, by start, then as they finished. */
  toJSON(): ExcerptRow[] {
    return [...this.rows].sort((a, b) => a.startPs - b.startPs);
  }
}
