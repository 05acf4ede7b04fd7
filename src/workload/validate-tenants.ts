/** What a tenant cannot be given, or cannot do with what it is given, under one design. */
import { OPCODE, operationRule } from '../core/operations.js';
import { TENANT_OPERATIONS } from '../models/tenants/operations.js';
import type { Design } from '../models/virtualization/design.js';
import { reachesPeers } from '../models/virtualization/pinning.js';
import type { Code } from './codes.js';
import { type Diagnostic, diagnostic, type Fill } from './diagnostics.js';
import { formatQuantity } from './format.js';
import { operationList, powerOfTwoAbove } from './machine.js';
import { nearest } from './nearest.js';
import { type Path, pathText, valueAt } from './path.js';
import type { Preset } from './presets.js';
import type { DeviceDocument, WorkQueueDocument } from './schema-device.js';
import type { OperationDocument, TenantDocument } from './schema-tenant.js';
import type { View } from './view.js';

/** What a check of tenants needs to know. */
export interface TenantContext {
  readonly view: View;
  readonly preset: Preset;
  /** Null when no design of the workload can be used: then only what holds for all is checked. */
  readonly design: Design | null;
  readonly devices: readonly DeviceDocument[];
  /** Whether some device could not be read, so that a queue's absence means nothing. */
  readonly incomplete: boolean;
}

const LINE_BYTES = 64;
const bytes = (value: number): string => formatQuantity(value, 'B');

/** Checks all tenants of a point. */
export function validateTenants(tenants: readonly TenantDocument[], context: TenantContext): Diagnostic[] {
  const checker = new TenantChecker(context);
  const names = new Set<string>();
  tenants.forEach((tenant, i) => {
    checker.tenant(tenant, ['tenants', i], names.has(tenant.name));
    names.add(tenant.name);
  });
  checker.owners(tenants);
  return checker.found;
}

class TenantChecker {
  readonly found: Diagnostic[] = [];
  private readonly told = new Set<string>();
  private readonly queues: ReadonlyMap<string, WorkQueueDocument>;

  constructor(private readonly context: TenantContext) {
    const all = context.devices.flatMap((d) => d.groups ?? []).flatMap((g) => g.work_queues);
    this.queues = new Map(all.map((queue) => [queue.name, queue]));
  }

  tenant(tenant: TenantDocument, path: Path, repeated: boolean): void {
    const { design } = this.context;
    if (repeated) this.say('W040', [...path, 'name'], { name: tenant.name, thing: 'tenant' });
    const kinds = Object.values(tenant.load).filter((load) => load !== undefined);
    if (kinds.length !== 1) this.say('W022', [...path, 'load'], { choices: 'closed, burst, open, trace' });
    const queues = new Set(tenant.work_queue.flatMap((name, i) => this.queue(tenant, name, i, path)));
    const operations = operationList(tenant);
    for (const [i, operation] of operations.entries()) {
      this.operation(operation, this.operationPath(path, i), queues);
    }
    if (operations.every((operation) => operation.weight === 0)) this.say('W072', [...path, 'operations']);
    for (const queue of queues) {
      const limit = powerOfTwoAbove(queue.max_batch_size);
      if (tenant.batch > limit)
        this.say('W067', [...path, 'batch'], { batch: tenant.batch, limit, name: queue.name });
    }
    if (tenant.completion === 'interrupt' && design?.interrupts.completion === 'none') {
      this.say('W077', [...path, 'completion'], { design: design.id });
    }
    this.peers(tenant, path);
    const within = tenant.memory.writes?.within ?? 0;
    if (within > tenant.memory.size) {
      const values = { within: bytes(within), available: bytes(tenant.memory.size) };
      this.say('W079', [...path, 'memory', 'writes', 'within'], values);
    }
    this.memory(tenant, operations, path);
  }

  /** Memory of other devices, mapped or copied to and from, must be in reach of the design. */
  private peers(tenant: TenantDocument, path: Path): void {
    const { design } = this.context;
    if (design === null || reachesPeers(design)) return;
    const values = { design: design.id, mapping: design.mapping };
    if (tenant.buffers.placement === 'peer') this.say('W078', [...path, 'buffers', 'placement'], values);
    else if (tenant.memory.peer > 0) this.say('W078', [...path, 'memory', 'peer'], values);
  }

  /** A dedicated queue has one owner; only a host that submits for all its guests can share one. */
  owners(tenants: readonly TenantDocument[]): void {
    const { design } = this.context;
    if (design === null || design.allotment === 'function' || design.data === 'virtio-ring') return;
    for (const queue of this.queues.values()) {
      if (queue.mode !== 'dedicated') continue;
      const owners = tenants.map((tenant) => instancesOn(tenant, queue.name));
      const count = owners.reduce((sum, n) => sum + n, 0);
      if (count <= 1) continue;
      const last = owners.findLastIndex((n) => n > 0);
      const parts = tenants.flatMap((tenant, i) =>
        owners[i]! > 0 ? [`${owners[i]} of ${tenant.name}`] : [],
      );
      const values = { name: queue.name, count, owners: parts.join(', '), design: design.id };
      this.say(
        'W062',
        [...this.queuePath(['tenants', last], tenants[last]!.work_queue.indexOf(queue.name))],
        values,
      );
    }
  }

  private queue(tenant: TenantDocument, name: string, index: number, path: Path): WorkQueueDocument[] {
    const { design, incomplete } = this.context;
    const at = this.queuePath(path, index);
    const queue = this.queues.get(name);
    if (queue === undefined) {
      const known = [...this.queues.keys()];
      const values = { name, known: known.join(', ') };
      if (!incomplete) this.say('W060', at, values, nearest(name, known));
      return [];
    }
    if (design !== null && !design.modes.includes(queue.mode)) {
      this.say('W061', at, { design: design.id, mode: queue.mode, name, modes: design.modes.join(', ') });
    }
    const kind = tenant.load.closed === undefined ? 'burst' : 'closed';
    const depth = tenant.load[kind]?.depth;
    if (queue.mode === 'dedicated' && depth !== undefined && depth * tenant.threads > queue.size) {
      const values = { outstanding: depth * tenant.threads, name, size: queue.size };
      this.say('W063', [...path, 'load', kind, 'depth'], values);
    }
    return [queue];
  }

  private operation(
    { op, size }: OperationDocument,
    path: Path,
    queues: ReadonlySet<WorkQueueDocument>,
  ): void {
    const { preset } = this.context;
    const rule = operationRule(OPCODE[op])!;
    const at = [...path, 'op'];
    if (rule.generation > preset.generation) {
      const values = {
        operation: op,
        needed: rule.generation,
        preset: preset.name,
        generation: preset.generation,
      };
      this.say('W065', at, values);
    } else if (!Object.hasOwn(TENANT_OPERATIONS, op)) {
      this.say('W068', at, { operation: op, known: Object.keys(TENANT_OPERATIONS).join(', ') });
    }
    for (const queue of queues) {
      const allowed = queue.operations;
      if (allowed !== undefined && !allowed.includes(op)) {
        this.say('W064', at, { name: queue.name, operation: op, allowed: allowed.join(', ') });
      }
      const limit = powerOfTwoAbove(queue.max_transfer_size);
      if (rule.sized && size !== undefined && size > limit) {
        this.say('W066', [...path, 'size'], { size: bytes(size), limit: bytes(limit), name: queue.name });
      }
    }
    this.size(op, size, rule.sized, [...path, 'size']);
  }

  private size(op: string, size: number | undefined, sized: boolean, path: Path): void {
    const unsuited = (reason: string): void =>
      this.say('W070', path, { size: bytes(size!), operation: op, reason });
    if (!sized) {
      if (size !== undefined && size !== 0) unsuited('it transfers nothing');
    } else if (size === undefined) this.say('W069', path, { operation: op });
    else if (size === 0) unsuited('it must be above zero');
    else if (op === 'create_delta' || op === 'apply_delta') {
      // Offsets in a delta record are 16 bits of 8-byte units (specification 8.3.8).
      if (size % 8 !== 0) unsuited('it must be a multiple of 8 B');
      else if (op === 'create_delta' && size > 524_288) unsuited('a delta record spans at most 512 KiB');
    }
  }

  private memory(tenant: TenantDocument, operations: readonly OperationDocument[], path: Path): void {
    const { count, alignment, page_size: page } = tenant.buffers;
    if (alignment === 0 || powerOfTwoAbove(alignment) !== alignment || alignment > page) {
      this.say('W074', [...path, 'buffers', 'alignment'], { value: bytes(alignment), limit: bytes(page) });
      return;
    }
    const regions = new Set(operations.flatMap(({ op }) => TENANT_OPERATIONS[op]?.regions ?? []));
    const largest = Math.max(0, ...operations.map(({ size }) => size ?? 0));
    const step = Math.max(LINE_BYTES, alignment);
    const needed = regions.size * count * Math.ceil(largest / step) * step;
    const isPeer = tenant.buffers.placement === 'peer';
    const available = isPeer ? tenant.memory.peer : tenant.memory.size;
    if (needed <= available) return;
    const values = { needed: bytes(needed), available: bytes(available) };
    this.say(isPeer ? 'W073' : 'W071', [...path, 'buffers', 'count'], values);
  }

  /** Where entry `index` of a tenant's queues is written: alone, or in a list. */
  private queuePath(path: Path, index: number): Path {
    const at = [...path, 'work_queue'];
    return Array.isArray(valueAt(this.context.view.value, at)) ? [...at, index] : at;
  }

  private operationPath(path: Path, index: number): Path {
    const at = [...path, 'operations'];
    return Array.isArray(valueAt(this.context.view.value, at)) ? [...at, index] : at;
  }

  /** Collects a problem; what several queues of a list share is told of the first. */
  private say(code: Code, path: Path, values: Fill = {}, suggestion?: string): void {
    const key = `${code} ${pathText(path)}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    const span = this.context.view.locate(path);
    this.found.push(diagnostic(code, span, { path: pathText(path), ...values }, suggestion));
  }
}

/** How many instances of a tenant submit to a queue: they rotate over its list. */
function instancesOn(tenant: TenantDocument, name: string): number {
  const list = tenant.work_queue;
  let count = 0;
  for (let i = 0; i < tenant.instances; i++) if (list[i % list.length] === name) count++;
  return count;
}
