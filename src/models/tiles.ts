/** From the ends of a descriptor's stages to tiles that add up to its latency. */
import { type DescriptorTable, STAGE_COUNT } from './descriptor-table.js';

/** Place of the stage `fault`, to which earlier attempts are added. */
const FAULT = 7;

/**
 * Exposed time of each stage of a finished descriptor. Where two stages overlap, the overlap belongs to the
 * earlier one, so a tile is what a stage adds to the end of all before it; a stage that the descriptor did not meet
 * adds nothing. What earlier attempts of the same work took is part of `fault`. The dozen is written out, for the reason that
 * `Descriptor.decodeNext` gives.
 * @param tiles receives one time per stage [ps]
 * @returns the latency, which is the sum of the tiles [ps]
 */
export function latencyTiles(table: DescriptorTable, row: number, tiles: Float64Array): number {
  const { ends } = table;
  const first = row * STAGE_COUNT;
  const start = table.startPs[row]!;
  let reached = start;
  reached = reach(ends[first]!, reached, tiles, 0);
  reached = reach(ends[first + 1]!, reached, tiles, 1);
  reached = reach(ends[first + 2]!, reached, tiles, 2);
  reached = reach(ends[first + 3]!, reached, tiles, 3);
  reached = reach(ends[first + 4]!, reached, tiles, 4);
  reached = reach(ends[first + 5]!, reached, tiles, 5);
  reached = reach(ends[first + 6]!, reached, tiles, 6);
  reached = reach(ends[first + 7]!, reached, tiles, 7);
  reached = reach(ends[first + 8]!, reached, tiles, 8);
  reached = reach(ends[first + 9]!, reached, tiles, 9);
  reached = reach(ends[first + 10]!, reached, tiles, 10);
  reached = reach(ends[first + 11]!, reached, tiles, 11);
  const carried = table.carriedPs[row]!;
  tiles[FAULT] = tiles[FAULT]! + carried;
  return reached - start + carried;
}

/** One stage that ends at `end`, everything before it having ended at `reached`. @returns when everything has */
function reach(end: number, reached: number, tiles: Float64Array, stage: number): number {
  if (end > reached) {
    tiles[stage] = end - reached;
    return end;
  }
  tiles[stage] = 0;
  return reached;
}
