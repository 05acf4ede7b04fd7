/** Words for what the result document names in code. */

/** Column headings; a metric that is not here is called by its own name with blanks. */
const METRIC_TITLES: Readonly<Record<string, string>> = {
  throughput: 'throughput',
  rate: 'descriptor rate',
  latency_mean: 'mean latency',
  latency_p50: 'median latency',
  latency_p90: 'p90 latency',
  latency_p95: 'p95 latency',
  latency_p99: 'p99 latency',
  latency_p99_9: 'p99.9 latency',
  cpu_per_descriptor: 'CPU per descriptor',
  vm_exits_per_descriptor: 'VM exits per descriptor',
  engine_utilization: 'engine utilization',
  queue_occupancy: 'queue occupancy',
  devtlb_hit_ratio: 'DevTLB hit ratio',
  iotlb_hit_ratio: 'IOTLB hit ratio',
  interrupts_coalesced: 'interrupts coalesced',
  provision_time: 'provisioning',
  boot_time: 'boot',
  pinned_bytes: 'pinned memory',
};

/** A metric in words, lower case but for proper names. */
export function metricTitle(name: string): string {
  return METRIC_TITLES[name] ?? name.replaceAll('_', ' ');
}

/** The last name of a sweep path in words: `tenants.guest.operations[0].size` is `size`. */
export function axisTitle(path: string): string {
  const last = path.split('.').at(-1)!;
  return last.replace(/\[\d+\]$/, '').replaceAll('_', ' ');
}

/** First letter in upper case, for headings. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a`, `a and b`, `a, b and c`. */
export function listing(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Designs that are named one by one; of more it is shorter to name those that are left, if they are not too many. */
const NAMED = 5;
const LEFT = 7;

/** Some of several designs: `a, b and c`, `all 12`, or `all but x and y` where most of many are meant. */
export function most(some: readonly string[], all: readonly string[]): string {
  if (some.length <= NAMED) return listing(some);
  const rest = all.filter((id) => !some.includes(id));
  if (rest.length === 0) return `all ${some.length}`;
  return rest.length <= Math.min(LEFT, some.length) ? `all but ${listing(rest)}` : listing(some);
}

/** `1 device`, `4 devices`; numbers that are no whole number take the plural. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  const number = Number.isInteger(count) ? String(count) : String(Number(count.toPrecision(3)));
  return `${number} ${count === 1 ? singular : plural}`;
}
