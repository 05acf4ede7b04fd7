/**
 * A search for the constants that make a loss small: one constant after the other, a step down and a step up, further in
 * the direction that helped; and again, until no single step of any size makes it smaller. Deterministic.
 */
import type { ParameterDeclaration } from '../../models/parameters.js';

/** What a step must take off the loss to be taken, so that the search ends: under a hundredth of what is left at rest. */
const LEAST_GAIN = 0.1;
/** Times are chosen to a tenth of a nanosecond, bandwidths to 10 MB/s, ratios to a hundredth. */
const GRAIN = { time: 100, bandwidth: 1e7, ratio: 0.01, count: 1, size: 1 } as const;

/** A set of constants, by name, in internal units. */
export type Constants = Readonly<Record<string, number>>;

/** A set of constants with what it leads to. */
export interface Candidate {
  readonly constants: Constants;
  readonly loss: number;
}

/** How candidates are judged. */
export interface Judge<C extends Candidate> {
  /** @param from the candidate that differs in `moved` alone, or null when all must be looked at anew */
  judge(constants: Constants, from: C | null, moved: string | null): Promise<C>;
  /** Whether `moved` could lead elsewhere from `now` than it did from `then`. */
  mattersAnew(moved: string, then: C, now: C): boolean;
}

/** How a search goes about it. */
export interface Pace {
  /** Steps, as parts of a constant's range. */
  readonly steps: readonly number[];
  /** Rounds over all constants and steps, at most. */
  readonly rounds: number;
}

/** Called after every constant that was tried. */
export type OnStep = (step: { name: string; loss: number; round: number; step: number }) => void;

/**
 * Searches from `start`.
 * @returns the best candidate, and whether the search came to rest: no single step makes its loss smaller
 */
export async function search<C extends Candidate>(
  parameters: readonly ParameterDeclaration[],
  start: Constants,
  judge: Judge<C>,
  pace: Pace,
  onStep: OnStep = () => {},
): Promise<{ best: C; settled: boolean }> {
  let best = await judge.judge(start, null, null);
  /** Where each constant was tried last with each step, in vain. */
  const tried = new Map<string, C>();
  for (let round = 1; round <= pace.rounds; round++) {
    let moves = 0;
    for (const step of pace.steps) {
      for (const parameter of parameters) {
        const key = `${parameter.name} ${step}`;
        const last = tried.get(key);
        if (last !== undefined && !judge.mattersAnew(parameter.name, last, best)) continue;
        const better = await alongOne(parameter, step, best, judge);
        if (better === null) tried.set(key, best);
        else {
          best = better;
          moves++;
        }
        onStep({ name: parameter.name, loss: best.loss, round, step });
      }
    }
    // A constant may come to move what it did not move at first: what is taken as the best is judged in full.
    best = await judge.judge(best.constants, null, null);
    if (moves === 0) return { best, settled: true };
  }
  return { best, settled: false };
}

/** The best candidate a step away, or some steps in the better direction; null when no step helps. */
async function alongOne<C extends Candidate>(
  parameter: ParameterDeclaration,
  step: number,
  from: C,
  judge: Judge<C>,
): Promise<C | null> {
  const { name } = parameter;
  const at = (candidate: C): number => candidate.constants[name] ?? parameter.nominal;
  const tryAt = (value: number): Promise<C> => judge.judge({ ...from.constants, [name]: value }, from, name);
  const neighbours = [-step, step].map((s) => stepped(parameter, at(from), s)).filter((v) => v !== at(from));
  const both = await Promise.all([...new Set(neighbours)].map(tryAt));
  let best: C | null = null;
  for (const one of both) {
    if (one.loss < (best?.loss ?? from.loss - LEAST_GAIN)) best = one;
  }
  if (best === null) return null;
  const direction = Math.sign(at(best) - at(from)) * step;
  for (;;) {
    const value = stepped(parameter, at(best), direction);
    if (value === at(best)) return best;
    const further = await tryAt(value);
    if (further.loss >= best.loss - LEAST_GAIN) return best;
    best = further;
  }
}

/** A value a step away, within the range and to the grain of its dimension. */
function stepped(parameter: ParameterDeclaration, value: number, step: number): number {
  const { low, high, dimension } = parameter;
  const grain = GRAIN[dimension];
  const size = Math.max(grain, Math.round((Math.abs(step) * (high - low)) / grain) * grain);
  const inside = Math.min(high, Math.max(low, value + Math.sign(step) * size));
  return toGrain(parameter, inside);
}

/** The middle of the range of every constant. */
export function middles(parameters: readonly ParameterDeclaration[]): Constants {
  return Object.fromEntries(parameters.map((p) => [p.name, toGrain(p, (p.low + p.high) / 2)]));
}

/** To the nearest hundredth exactly, where the grain is one: multiples of a hundredth are no doubles. */
function toGrain({ dimension }: ParameterDeclaration, value: number): number {
  const grain = GRAIN[dimension];
  return grain < 1 ? Math.round(value * 100) / 100 : Math.round(value / grain) * grain;
}
