/**
 * Measuring side by side. What is compared runs in turns (A B C A B C …), so that whatever else the machine does meets
 * all of them; a ratio is taken within each turn, and the median of these ratios counts, with the middle half of them
 * as its spread.
 *
 * Time is processor time wherever one thread works alone: it leaves out the waits that other programs cause, which
 * wall-clock time would count.
 */

const WARM_UP_ROUNDS = 2;

/** Processor time of this process so far, with the engine's own helper threads [s]. */
export function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Wall-clock time [s]. */
export function wallSeconds() {
  return performance.now() / 1e3;
}

/** The value that a fraction of the sorted values lies below, linear between neighbours. */
export function quantile(values, fraction) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = fraction * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** Median, and the quartiles around it. */
export function summary(values) {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/**
 * Runs subjects in turns.
 * @param subjects by name, functions that do their work once and return what it gave per second
 * @param rounds turns that count
 * @param warmUp turns that go before them
 * @returns rates of each subject by name, one a turn [1/s]
 */
export async function inTurns(subjects, rounds, warmUp = WARM_UP_ROUNDS) {
  const names = Object.keys(subjects);
  const rates = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of names) {
      const rate = await subjects[name]();
      if (round >= 0) rates[name].push(rate);
    }
  }
  return rates;
}

/** Ratios of two subjects' rates, turn by turn, summarised. */
export function ratio(rates, subject, against) {
  return summary(rates[subject].map((rate, turn) => rate / rates[against][turn]));
}

/**
 * A subject for work that is too short to time: repeats it until it takes `seconds`, and counts.
 * @param work does `times` repetitions
 * @param seconds least processor time of a turn [s]
 */
export function repeated(work, seconds) {
  let times = 1;
  return () => {
    for (;;) {
      const from = processorSeconds();
      work(times);
      const took = processorSeconds() - from;
      if (took >= seconds) return times / took;
      times = took < seconds / 16 ? times * 8 : Math.ceil((times * seconds * 1.2) / took);
    }
  };
}
