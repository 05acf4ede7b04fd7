/** What is kept of finished descriptors: counts for the whole run, times and bytes for the measured phase. */
import { STATUS } from '../core/status.js';
import { DOUBLE_ZERO } from '../sim/double-zero.js';
import { bucketOf, LogHistogram } from '../sim/log-histogram.js';
import { type DescriptorRow, STAGE_COUNT } from './descriptor-row.js';
import type { Excerpt } from './excerpt.js';
import type { LatencyBand } from './run-result.js';
import { addTiles, latencyOf } from './tiles.js';
import type { Timeline } from './timeline.js';

/** Statuses of success. */
const { success, success_pred } = STATUS;

/** Buckets of the histogram that there is room for at first. */
const INITIAL_BUCKETS = 2048;

/** Where descriptors went over the whole run; a batch counts its members. */
export interface Ledger {
  submitted: number;
  completed: number;
  failed: number;
  rejected: number;
  /** Abandoned by an abort or a reset, or lost with the thread that had prepared them. */
  aborted: number;
}

/** Latencies and bytes of a set of descriptors in the measured phase. */
export class Sample {
  readonly latency = new LogHistogram();
  /** Submissions seen to finish, the descriptors in them, and the bytes they were asked to process. */
  submissions = 0;
  descriptors = 0;
  bytes = DOUBLE_ZERO;

  /** Adds one finished submission. @returns the bucket of its latency */
  add(latencyPs: number, descriptors: number, bytes: number): number {
    this.submissions++;
    this.descriptors += descriptors;
    this.bytes += bytes;
    return this.latency.record(latencyPs);
  }
}

/** Of the submissions in one bucket of the latency histogram: how many, and the sum of each stage [ps]. */
class StageSums {
  count = 0;
  readonly stagePs = new Float64Array(STAGE_COUNT);
}

/** See the head of this file. */
export class Recorder {
  /** All submissions; of a single tenant, that tenant's own sample. */
  readonly all: Sample;
  /** Bytes of each instance in the measured phase [B]. */
  readonly instanceBytes: Float64Array;
  private measuring = false;
  private over = false;
  /** By bucket of the latency histogram the number of its sums, 0 for none: latencies meet few of the buckets. */
  private numbers = new Uint16Array(INITIAL_BUCKETS);
  private readonly sums: StageSums[] = [new StageSums()];

  /**
   * @param samples one for each tenant
   * @param tenantOf tenant of each instance
   * @param timeline what is kept of the whole run over time
   * @param excerpt what is kept of single descriptors
   */
  constructor(
    private readonly ledger: Ledger,
    readonly samples: readonly Sample[],
    private readonly tenantOf: readonly number[],
    readonly timeline: Timeline,
    readonly excerpt: Excerpt,
  ) {
    this.instanceBytes = new Float64Array(tenantOf.length);
    this.all = samples.length === 1 ? samples[0]! : new Sample();
  }

  /** Starts or ends the measured phase. */
  measure(on: boolean): void {
    this.measuring = on;
  }

  /** The measured phase is over for good: from now on only outcomes count. */
  end(): void {
    this.over = true;
  }

  /** Books how a row ended. @returns descriptors of it that failed */
  count({ weight, failedMembers, status }: DescriptorRow): number {
    const { ledger } = this;
    const failed = weight > 1 ? failedMembers : isSuccess(status) ? 0 : 1;
    ledger.completed += weight - failed;
    ledger.failed += failed;
    return failed;
  }

  /** A thread has seen a row finish. */
  finished(descriptor: DescriptorRow): void {
    const failed = this.count(descriptor);
    if (this.over) return;
    const { weight, payloadBytes, instance } = descriptor;
    const latencyPs = latencyOf(descriptor);
    const bytes = failed === 0 ? payloadBytes : (payloadBytes * (weight - failed)) / weight;
    this.timeline.finished(instance, bytes, latencyPs);
    if (!this.measuring) return;
    const bucket = this.all.add(latencyPs, weight - failed, bytes);
    const sample = this.samples[this.tenantOf[instance]!]!;
    if (sample !== this.all) sample.add(latencyPs, weight - failed, bytes);
    this.instanceBytes[instance]! += bytes;
    this.addToBucket(bucket, descriptor);
    if (this.excerpt.wanted) this.excerpt.add(descriptor);
  }

  private addToBucket(bucket: number, descriptor: DescriptorRow): void {
    const number = (bucket < this.numbers.length && this.numbers[bucket]!) || this.numberFor(bucket);
    const sums = this.sums[number]!;
    sums.count++;
    addTiles(descriptor, sums.stagePs);
  }

  /** Gives a bucket its sums. */
  private numberFor(bucket: number): number {
    if (bucket >= this.numbers.length) {
      const numbers = new Uint16Array(Math.max(bucket + 1, this.numbers.length * 2));
      numbers.set(this.numbers);
      this.numbers = numbers;
    }
    const number = this.sums.push(new StageSums()) - 1;
    this.numbers[bucket] = number;
    return number;
  }

  /**
   * Stage sums of the submissions that rank between two fractions by latency. A bucket that straddles an edge counts
   * on either side in proportion, so that every band holds its share of all submissions.
   */
  band(from: number, to: number): LatencyBand {
    const [low, high] = [from * this.all.submissions, to * this.all.submissions];
    const stagePs = new Array<number>(STAGE_COUNT).fill(0);
    for (let bucket = 0, seen = 0; bucket < this.numbers.length && seen < high; bucket++) {
      const { count: own, stagePs: sums } = this.sums[this.numbers[bucket]!]!;
      const inside = Math.min(high, seen + own) - Math.max(low, seen);
      seen += own;
      if (!(inside > 0)) continue;
      for (let stage = 0; stage < STAGE_COUNT; stage++) {
        stagePs[stage]! += (sums[stage]! * inside) / own;
      }
    }
    return { from, to, count: high - low, stagePs };
  }

  /** Stage sums and number of the submissions whose latency is at or above a quantile's bucket: all of them at 0. */
  tail(quantile: number): { stagePs: Float64Array; count: number } {
    const stagePs = new Float64Array(STAGE_COUNT);
    let count = 0;
    if (this.all.submissions === 0) return { stagePs, count };
    for (let b = bucketOf(this.all.latency.quantile(quantile)); b < this.numbers.length; b++) {
      const sums = this.sums[this.numbers[b]!]!;
      if (sums.count === 0) continue;
      count += sums.count;
      for (let stage = 0; stage < STAGE_COUNT; stage++) stagePs[stage]! += sums.stagePs[stage]!;
    }
    return { stagePs, count };
  }
}

function isSuccess(status: number): boolean {
  return status === success || status === success_pred;
}
