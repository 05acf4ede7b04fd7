/**
 * The division of a workload into shards. Designs at one place of a sweep stay together, since they share a warm-up
 * and the number of their replications; places are dealt by expected work, so that shards take about as long as each
 * other. It depends on the workload and the number of shards only.
 */
import type { Point } from '../../workload/workload.js';
import { placesOf } from '../places.js';
import { expectedSeconds } from '../plan.js';

/** One of a number of shards, counted from 1. */
export interface ShardNumber {
  index: number;
  of: number;
}

/** The points of a shard, in the order of the workload. */
export function shardPoints(points: readonly Point[], { index, of }: ShardNumber): Point[] {
  const places = placesOf(points).map((place) => ({
    place,
    cost: place.reduce((sum, i) => sum + expectedSeconds(points[i]!.config), 0),
  }));
  // Dealt there and back again: whoever gets the dearest of one round gets the cheapest of the next.
  const own = places
    .sort((a, b) => b.cost - a.cost || a.place[0]! - b.place[0]!)
    .filter((_, rank) => {
      const round = Math.floor(rank / of);
      const turn = rank % of;
      return index - 1 === (round % 2 === 0 ? turn : of - 1 - turn);
    });
  return own
    .flatMap(({ place }) => place)
    .sort((a, b) => a - b)
    .map((i) => points[i]!);
}

/** The name of a shard's file: digits enough for all of them, so that they list in order. */
export function shardFile(workload: string, { index, of }: ShardNumber): string {
  return `${workload}.${String(index).padStart(String(of).length, '0')}-of-${of}.ndjson`;
}

/** What a file name says about the shard in it, or null for a file that is none. */
export function shardOfFile(name: string): ShardNumber | null {
  const match = /\.(\d+)-of-(\d+)\.ndjson$/.exec(name);
  return match === null ? null : { index: Number(match[1]), of: Number(match[2]) };
}
