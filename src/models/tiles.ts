/**
 * From the ends of a descriptor's stages to tiles that add up to its latency.
 *
 * A tile is the exposed time of a stage. Where two stages overlap, the overlap belongs to the earlier one, so a tile is what a
 * stage adds to the end of all before it; a stage that the descriptor did not meet adds nothing. What earlier attempts of the
 * same work took is part of `fault`. The dozen is written out (docs/speed.md).
 */
import { type DescriptorRow, STAGE } from './descriptor-row.js';

/** The latency of a finished descriptor, which is the sum of its tiles [ps]. */
export function latencyOf({ ends, startPs, carriedPs }: DescriptorRow): number {
  let reached = startPs;
  reached = later(reached, ends[STAGE.prepare]!);
  reached = later(reached, ends[STAGE.submit]!);
  reached = later(reached, ends[STAGE.trap]!);
  reached = later(reached, ends[STAGE.queue]!);
  reached = later(reached, ends[STAGE.arbitrate]!);
  reached = later(reached, ends[STAGE.fetch]!);
  reached = later(reached, ends[STAGE.translate]!);
  reached = later(reached, ends[STAGE.fault]!);
  reached = later(reached, ends[STAGE.read]!);
  reached = later(reached, ends[STAGE.write]!);
  reached = later(reached, ends[STAGE.complete]!);
  reached = later(reached, ends[STAGE.notify]!);
  return reached - startPs + carriedPs;
}

/** Adds the tiles of a finished descriptor to one sum per stage [ps]. */
export function addTiles({ ends, startPs, carriedPs }: DescriptorRow, sums: Float64Array): void {
  let reached = startPs;
  reached = add(ends[STAGE.prepare]!, reached, sums, STAGE.prepare);
  reached = add(ends[STAGE.submit]!, reached, sums, STAGE.submit);
  reached = add(ends[STAGE.trap]!, reached, sums, STAGE.trap);
  reached = add(ends[STAGE.queue]!, reached, sums, STAGE.queue);
  reached = add(ends[STAGE.arbitrate]!, reached, sums, STAGE.arbitrate);
  reached = add(ends[STAGE.fetch]!, reached, sums, STAGE.fetch);
  reached = add(ends[STAGE.translate]!, reached, sums, STAGE.translate);
  reached = add(ends[STAGE.fault]!, reached, sums, STAGE.fault);
  reached = add(ends[STAGE.read]!, reached, sums, STAGE.read);
  reached = add(ends[STAGE.write]!, reached, sums, STAGE.write);
  reached = add(ends[STAGE.complete]!, reached, sums, STAGE.complete);
  add(ends[STAGE.notify]!, reached, sums, STAGE.notify);
  sums[STAGE.fault]! += carriedPs;
}

/** One stage that ends at `end`, everything before it having ended at `reached`. @returns when everything has */
function add(end: number, reached: number, sums: Float64Array, at: number): number {
  if (end <= reached) return reached;
  sums[at]! += end - reached;
  return end;
}

/** `Math.max` of two times, which V8 makes more of. */
function later(a: number, b: number): number {
  return b > a ? b : a;
}
