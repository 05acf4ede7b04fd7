/** From the ends of a descriptor's stages to tiles that add up to its latency. */
import { type DescriptorTable, STAGE, STAGE_COUNT } from './descriptor-table.js';

/**
 * Exposed time of each stage of a finished descriptor. Where two stages overlap, the overlap belongs to the
 * earlier one, so a tile is what a stage adds to the end of all before it; a stage that the descriptor did not meet
 * adds nothing. What earlier attempts of the same work took is part of `fault`.
 * @param tiles receives one time per stage [ps]
 * @returns the latency, which is the sum of the tiles [ps]
 */
export function latencyTiles(table: DescriptorTable, row: number, tiles: Float64Array): number {
  const first = row * STAGE_COUNT;
  let reached = table.startPs[row]!;
  const start = reached;
  for (let stage = 0; stage < STAGE_COUNT; stage++) {
    const end = table.ends[first + stage]!;
    tiles[stage] = end > reached ? end - reached : 0;
    if (end > reached) reached = end;
  }
  const carried = table.carriedPs[row]!;
  tiles[STAGE.fault] = tiles[STAGE.fault]! + carried;
  return reached - start + carried;
}
