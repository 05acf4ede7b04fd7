/** Devices that are written once and stand for several: `count: 8`, and the tenants that spread over their queues. */
import { isMap, type Path, valueAt } from './path.js';
import type { Locator } from './source.js';
import { under, type View } from './view.js';

/** Most copies of one entry; the schema says so too. */
export const MOST_COPIES = 64;

/** How many devices stand for each name of a work queue that is written once for several. */
export type CopiedQueues = ReadonlyMap<string, number>;

/** How often an entry of `devices` is repeated; 1 for what is written once, or is for the checks to refuse. */
export function copies(entry: unknown): number {
  if (!isMap(entry) || typeof entry.count !== 'number' || entry.accel_config !== undefined) return 1;
  return Number.isInteger(entry.count) && entry.count > 1 && entry.count <= MOST_COPIES ? entry.count : 1;
}

/** The name of a queue or device in one copy. */
const nameIn = (name: unknown, copy: number): unknown =>
  typeof name === 'string' ? `${name}-${copy}` : name;

/** One of the devices that an entry stands for. */
export function copyOf(entry: Readonly<Record<string, unknown>>, copy: number): Record<string, unknown> {
  const { count: _, ...device } = entry;
  const groups = Array.isArray(device.groups)
    ? device.groups.map((group) =>
        withQueues(group, (queue) => ({ ...queue, name: nameIn(queue.name, copy) })),
      )
    : device.groups;
  const own = device.name === undefined ? {} : { name: nameIn(device.name, copy) };
  return { ...device, ...own, ...(groups === undefined ? {} : { groups }) };
}

/** The names of queues in entries that stand for several devices. */
export function copiedQueues(entries: readonly unknown[]): CopiedQueues {
  const copied = new Map<string, number>();
  for (const entry of entries) {
    const groups = isMap(entry) && Array.isArray(entry.groups) ? entry.groups : [];
    for (const group of groups) {
      withQueues(group, (queue) => {
        if (copies(entry) > 1 && typeof queue.name === 'string') copied.set(queue.name, copies(entry));
        return queue;
      });
    }
  }
  return copied;
}

/**
 * Tenants that name a queue of several devices rotate over all of them: all that they name of the first device, then of
 * the second, and so on.
 */
export function spreadTenants(view: View, copied: CopiedQueues): View {
  const tenants = valueAt(view.value, ['tenants']);
  if (copied.size === 0 || !Array.isArray(tenants)) return view;
  let result = view;
  tenants.forEach((tenant, i) => {
    const written = isMap(tenant) ? tenant.work_queue : undefined;
    const list = Array.isArray(written) ? written : [written];
    if (!list.some((name) => copied.has(name))) return;
    const path = ['tenants', i, 'work_queue'];
    const most = Math.max(...list.map((name) => copied.get(name) ?? 1));
    const spread = Array.from({ length: most }, (_, copy) =>
      list.flatMap((name, at) => {
        const count = copied.get(name);
        if (count === undefined) return copy === 0 ? [{ name, at }] : [];
        return copy < count ? [{ name: nameIn(name, copy), at }] : [];
      }),
    ).flat();
    const origins = Array.isArray(written) ? spread.map(({ at }) => [at]) : spread.map(() => []);
    const locator = rearranged(under(view, path), origins);
    const names = spread.map(({ name }) => name);
    result = result.with(names, { path, origin: 'moved', text: `tenants[${i}].work_queue`, locator });
  });
  return result;
}

/** The places of a list whose entry `i` was written at `origins[i]`. */
function rearranged(locator: Locator, origins: readonly Path[]): Locator {
  const from = ([first, ...rest]: Path): Path =>
    typeof first === 'number' ? [...(origins[first] ?? []), ...rest] : [];
  return {
    locate: (path, part) => locator.locate(from(path), part),
    has: (path) => locator.has(from(path)),
    written: (path) => locator.written(from(path)),
  };
}

function withQueues(
  group: unknown,
  change: (queue: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): unknown {
  if (!isMap(group) || !Array.isArray(group.work_queues)) return group;
  return { ...group, work_queues: group.work_queues.map((queue) => (isMap(queue) ? change(queue) : queue)) };
}
