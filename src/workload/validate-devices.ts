/** What no device can be configured to: totals, engines, thresholds, read buffers (specification 3.2, 4, 9.2). */
import type { Code } from './codes.js';
import { type Diagnostic, diagnostic, type Fill } from './diagnostics.js';
import { formatQuantity } from './format.js';
import { powerOfTwoAbove } from './machine.js';
import { isMap, type Path, pathText, valueAt } from './path.js';
import type { DeviceLimits, Preset } from './presets.js';
import type { DeviceDocument, GroupDocument, WorkQueueDocument } from './schema-device.js';
import type { View } from './view.js';

/** What a check of devices needs to know. */
export interface DeviceContext {
  readonly view: View;
  readonly preset: Preset;
  readonly limits: DeviceLimits;
  /** Operations that the device's generation has. */
  readonly operations: readonly string[];
}

/** Checks all devices of a point. */
export function validateDevices(devices: readonly DeviceDocument[], context: DeviceContext): Diagnostic[] {
  const checker = new DeviceChecker(context);
  for (const [i, device] of devices.entries())
    checker.device(device, ['devices', i], device.name ?? `dsa${i}`);
  return checker.found;
}

class DeviceChecker {
  readonly found: Diagnostic[] = [];
  private readonly deviceNames = new Set<string>();
  private readonly queueNames = new Set<string>();

  constructor(private readonly context: DeviceContext) {}

  device(device: DeviceDocument, path: Path, name: string): void {
    const { limits, preset } = this.context;
    this.unique(this.deviceNames, name, [...path, 'name'], 'device');
    const written = valueAt(this.context.view.value, path);
    const keys = isMap(written) ? Object.keys(written) : [];
    // A file that could not be read stays in place alone, and has been reported as such.
    if (device.accel_config === undefined ? device.groups === undefined : keys.length > 1) {
      this.say('W022', path, { choices: "accel_config and the device's own keys (groups)" });
    }
    if (device.groups === undefined) return;
    const { groups } = device;
    const over = (code: Code, count: number, limit: number, at: Path): void => {
      if (count > limit) this.say(code, at, { device: name, count, preset: preset.name, limit });
    };
    over('W031', groups.length, limits.groups, [...path, 'groups', limits.groups]);
    this.engines(groups, [...path, 'groups'], name);
    const queues = groups.flatMap((group, g) =>
      group.work_queues.map((queue, q) => ({ queue, at: [...path, 'groups', g, 'work_queues', q] })),
    );
    over('W032', queues.length, limits.workQueues, queues[limits.workQueues]?.at ?? path);
    let entries = 0;
    const total = queues.reduce((sum, { queue }) => sum + queue.size, 0);
    for (const { queue, at } of queues) {
      const before = entries;
      entries += queue.size;
      // Shown at the queue with which the device overflows.
      if (before <= limits.entries && entries > limits.entries) {
        this.say('W030', [...at, 'size'], { device: name, total, limit: limits.entries });
      }
      this.queue(queue, at);
    }
    this.readBuffers(device, groups, path);
  }

  private engines(groups: readonly GroupDocument[], path: Path, name: string): void {
    const { limits, preset } = this.context;
    const owner = new Map<number, number>();
    let count = 0;
    groups.forEach((group, g) => {
      const at = [...path, g, 'engines'];
      const known = { device: name, group: g };
      const wanted = engineCount(group);
      if (wanted === 0) this.say('W038', at, known);
      if (group.work_queues.length === 0) this.say('W039', [...path, g, 'work_queues'], known);
      if (count <= limits.engines && count + wanted > limits.engines) {
        const total = groups.reduce((n, each) => n + engineCount(each), 0);
        this.say('W035', at, { device: name, count: total, preset: preset.name, limit: limits.engines });
      }
      count += wanted;
      if (typeof group.engines === 'number') return;
      group.engines.forEach((engine, i) => {
        const values = { device: name, engine, preset: preset.name, last: limits.engines - 1 };
        if (engine >= limits.engines) this.say('W033', [...at, i], values);
        const taken = owner.get(engine);
        if (taken !== undefined) this.say('W034', [...at, i], { device: name, engine, group: taken });
        else owner.set(engine, g);
      });
    });
  }

  private queue(queue: WorkQueueDocument, path: Path): void {
    const { limits, preset, operations } = this.context;
    this.unique(this.queueNames, queue.name, [...path, 'name'], 'work queue');
    const { threshold, size } = queue;
    if (queue.mode === 'shared') {
      if (threshold === 0) this.say('W036', [...path, 'threshold'], { size });
      if (threshold !== undefined && threshold > size)
        this.say('W037', [...path, 'threshold'], { threshold, size });
    } else if (threshold !== undefined) this.say('W046', [...path, 'threshold']);
    const bounded = (
      key: 'max_transfer_size' | 'max_batch_size',
      limit: number,
      text: (n: number) => string,
    ): void => {
      const value = queue[key];
      const rounded = powerOfTwoAbove(value);
      if (rounded > limit) {
        this.say('W041', [...path, key], { value: text(value), preset: preset.name, limit: text(limit) });
      } else if (rounded !== value) {
        this.say('W042', [...path, key], { value: text(value), rounded: text(rounded) });
      }
    };
    bounded('max_transfer_size', limits.maxTransferBytes, (bytes) => formatQuantity(bytes, 'B'));
    bounded('max_batch_size', limits.maxBatch, String);
    const mask = queue.operations;
    if (
      mask !== undefined &&
      !preset.operationMask &&
      operations.some((name) => !mask.includes(name as never))
    ) {
      this.say('W044', [...path, 'operations'], { preset: preset.name });
    }
  }

  /** Allowed >= Reserved, Allowed <= Reserved + what nobody reserves, Allowed >= 4 x engines (specification 4). */
  private readBuffers(device: DeviceDocument, groups: readonly GroupDocument[], path: Path): void {
    const total = this.context.limits.readBuffers;
    if (device.read_buffer_limit > total) {
      this.broken([...path, 'read_buffer_limit'], device.read_buffer_limit, 'at most all', `0 to ${total}`);
    }
    const reserved = groups.reduce((sum, group) => sum + group.read_buffers_reserved, 0);
    if (reserved > total) {
      const last = groups.findLastIndex((group) => group.read_buffers_reserved > 0);
      this.broken(
        [...path, 'groups', last, 'read_buffers_reserved'],
        reserved,
        'reserved together',
        `0 to ${total}`,
      );
      return;
    }
    groups.forEach((group, g) => {
      const most = group.read_buffers_reserved + total - reserved;
      const written = group.read_buffers_allowed;
      const allowed = written ?? most;
      const at = [...path, 'groups', g, 'read_buffers_allowed'];
      if (written !== undefined && (allowed < Math.max(1, group.read_buffers_reserved) || allowed > most)) {
        const range = `${Math.max(1, group.read_buffers_reserved)} to ${most}`;
        this.broken(at, allowed, 'reserved <= allowed <= reserved + unreserved', range);
        return;
      }
      const engines = Math.min(engineCount(group), this.context.limits.engines);
      if (allowed < 4 * engines) this.say('W045', at, { value: allowed, engines, least: 4 * engines });
    });
  }

  private broken(path: Path, value: number, rule: string, allowed: string): void {
    this.say('W043', path, { value, rule, allowed });
  }

  private unique(names: Set<string>, name: string, path: Path, thing: string): void {
    if (names.has(name)) this.say('W040', path, { name, thing });
    names.add(name);
  }

  private say(code: Code, path: Path, values: Fill = {}): void {
    this.found.push(diagnostic(code, this.context.view.locate(path), { path: pathText(path), ...values }));
  }
}

function engineCount({ engines }: GroupDocument): number {
  return typeof engines === 'number' ? engines : engines.length;
}
