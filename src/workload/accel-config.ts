/**
 * accel-config's own file (`accel-config save-config`) as the `devices` of a workload. Keys, `dev` first, old names
 * and skipped unknown keys are as in accel-config; what the driver would default is left out.
 */
import { OPCODE } from '../core/operations.js';
import type { Code } from './codes.js';
import { type Diagnostic, diagnostic, type Fill, type SourceText, type Span } from './diagnostics.js';
import { type JsonMember, type JsonNode, readJson } from './json.js';
import { type Path, pathText } from './path.js';
import type { Locator } from './source.js';

/** A device of the file, in the shape that a workload writes inline, and where each part of it stands. */
export interface ImportedDevice {
  readonly value: unknown;
  readonly locator: Locator;
}

/** Names that accel-config used before read buffers were called so. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  token_limit: 'read_buffer_limit',
  tokens_reserved: 'read_buffers_reserved',
  tokens_allowed: 'read_buffers_allowed',
  use_token_limit: 'use_read_buffer_limit',
};

type Kind = 'device' | 'group' | 'work queue' | 'engine';
const DEV_FORM: Readonly<Record<Kind, readonly [form: RegExp, example: string]>> = {
  device: [/^(dsa|iax)\d+$/, 'dsa0'],
  group: [/^group\d+\.\d+$/, 'group0.0'],
  'work queue': [/^wq\d+\.\d+$/, 'wq0.0'],
  engine: [/^engine\d+\.\d+$/, 'engine0.0'],
};

/**
 * Reads a file of accel-config.
 * @param source its name and text
 * @param into collects problems
 * @returns its DSA devices in order; IAA devices are left out with a warning
 */
export function readAccelConfig(source: SourceText, into: Diagnostic[]): ImportedDevice[] {
  const root = readJson(source, into);
  if (root === null) return [];
  const before = into.length;
  const devices = root.kind === 'array' ? root.items.flatMap((node) => new Importer(into).device(node)) : [];
  if (devices.length === 0 && into.slice(before).every((d) => d.severity === 'warning')) {
    into.push(diagnostic('W104', { ...root.span, end: root.span.start + 1 }, { file: source.name }));
  }
  return devices;
}

interface Place {
  readonly key: Span;
  readonly value: Span;
  readonly written: string | undefined;
}

/** Members of an object by current name; the last of several counts. */
type Members = ReadonlyMap<string, JsonMember>;

class Importer {
  private readonly places = new Map<string, Place>();

  constructor(private readonly into: Diagnostic[]) {}

  device(node: JsonNode): ImportedDevice[] {
    const found = this.open(node, 'device');
    if (found === null) return [];
    const [name, members] = found;
    if (name.startsWith('iax')) {
      this.say('W105', members.get('dev')!.value.span, { name });
      return [];
    }
    this.place([], node, members.get('dev')!.keySpan);
    const value: Record<string, unknown> = { name };
    this.place(['name'], members.get('dev')!.value);
    this.number(members, 'read_buffer_limit', [], value);
    const groups: unknown[] = [];
    for (const node of this.list(members, 'groups')) {
      const group = this.group(node, ['groups', groups.length]);
      if (group !== null) groups.push(group);
    }
    value.groups = groups;
    return [{ value, locator: this.locator(node) }];
  }

  /** A group, or null for one that is left empty, as accel-config saves groups that nobody uses. */
  private group(node: JsonNode, path: Path): unknown {
    const found = this.open(node, 'group');
    if (found === null) return null;
    const [, members] = found;
    const queues = this.list(members, 'grouped_workqueues');
    const engines = this.list(members, 'grouped_engines');
    if (queues.length === 0 && engines.length === 0) return null;
    this.place(path, node, members.get('dev')!.value.span);
    const value: Record<string, unknown> = {};
    this.number(members, 'read_buffers_reserved', path, value);
    this.number(members, 'read_buffers_allowed', path, value);
    this.flag(members, 'use_read_buffer_limit', path, value);
    value.work_queues = queues
      .map((queue, i) => this.workQueue(queue, [...path, 'work_queues', i]))
      .filter((queue) => queue !== null);
    value.engines = engines
      .map((engine, i) => this.engine(engine, [...path, 'engines', i]))
      .filter((engine) => engine !== null);
    return value;
  }

  private engine(node: JsonNode, path: Path): number | null {
    const found = this.open(node, 'engine');
    if (found === null) return null;
    this.place(path, found[1].get('dev')!.value);
    return Number(found[0].split('.')[1]);
  }

  private workQueue(node: JsonNode, path: Path): unknown {
    const found = this.open(node, 'work queue');
    if (found === null) return null;
    const [dev, members] = found;
    const devSpan = members.get('dev')!.value.span;
    this.place(path, node, devSpan);
    const value: Record<string, unknown> = { name: this.name(members, dev, path) };
    this.text(members, 'mode', path, value);
    this.number(members, 'size', path, value);
    if (value.mode === 'shared') {
      // Without a threshold the driver leaves 0 and refuses to enable the queue.
      this.number(members, 'threshold', path, value);
      value.threshold ??= 0;
    }
    this.number(members, 'priority', path, value);
    this.flag(members, 'block_on_fault', path, value);
    this.number(members, 'max_batch_size', path, value);
    this.number(members, 'max_transfer_size', path, value);
    if (value.max_transfer_size !== undefined) value.max_transfer_size = `${value.max_transfer_size}B`;
    this.operations(members, path, value);
    return value;
  }

  private name(members: Members, dev: string, path: Path): string {
    const member = members.get('name');
    const name = member === undefined ? '' : this.scalar(member, 'text', (v) => typeof v === 'string');
    if (typeof name === 'string' && name !== '') {
      this.place([...path, 'name'], member!.value);
      return name;
    }
    const called = dev.replace('.', '-');
    this.place([...path, 'name'], members.get('dev')!.value);
    this.say('W106', members.get('dev')!.value.span, { dev, called });
    return called;
  }

  /** op_config: hexadecimal words of 32 bits, the most significant first; bit n allows operation n. */
  private operations(members: Members, path: Path, value: Record<string, unknown>): void {
    const member = members.get('op_config');
    if (member === undefined) return;
    const form = /^(0x)?[0-9a-f]{1,8}(,[0-9a-f]{1,8}){0,7}$/i;
    const text = this.scalar(
      member,
      'up to eight hexadecimal words of 32 bits, such as "7b,00bf07ff"',
      (v) => {
        return typeof v === 'string' && form.test(v);
      },
    );
    if (typeof text !== 'string') return;
    const words = text
      .replace(/^0x/i, '')
      .split(',')
      .reverse()
      .map((word) => Number.parseInt(word, 16));
    const allows = (code: number): boolean => (((words[code >> 5] ?? 0) >>> (code & 31)) & 1) === 1;
    const names = Object.entries(OPCODE).filter(([, code]) => allows(code));
    if (names.length === Object.keys(OPCODE).length || words.every((w) => w === 0xffffffff)) return;
    value.operations = names.map(([name]) => name);
    this.place([...path, 'operations'], member.value, member.keySpan);
  }

  /** The members of an object that begins with a well-formed `dev`, or null. */
  private open(node: JsonNode, kind: Kind): [dev: string, members: Members] | null {
    const [form, example] = DEV_FORM[kind];
    const first = node.kind === 'object' ? node.members[0] : undefined;
    if (node.kind !== 'object' || first?.key !== 'dev') {
      this.say('W101', first?.keySpan ?? { ...node.span, end: node.span.start + 1 });
      return null;
    }
    const dev = first.value.kind === 'scalar' ? String(first.value.value) : '';
    if (!form.test(dev)) {
      this.say('W102', first.value.span, { text: dev, kind, example });
      return null;
    }
    return [dev, new Map(node.members.map((m) => [OLD_NAMES[m.key] ?? m.key, m]))];
  }

  private list(members: Members, key: string): readonly JsonNode[] {
    const member = members.get(key);
    if (member === undefined) return [];
    if (member.value.kind === 'array') return member.value.items;
    this.say('W103', member.value.span, { key: member.key, expected: 'a list' });
    return [];
  }

  private number(members: Members, key: string, path: Path, into: Record<string, unknown>): void {
    const member = members.get(key);
    if (member === undefined) return;
    const value = this.scalar(member, 'a whole number', (v) => Number.isSafeInteger(v) && (v as number) >= 0);
    if (typeof value !== 'number') return;
    into[key] = value;
    this.place([...path, key], member.value, member.keySpan);
  }

  private flag(members: Members, key: string, path: Path, into: Record<string, unknown>): void {
    const member = members.get(key);
    if (member === undefined) return;
    const value = this.scalar(member, '0 or 1', (v) => v === 0 || v === 1 || typeof v === 'boolean');
    if (value === undefined) return;
    into[key] = value === 1 || value === true;
    this.place([...path, key], member.value, member.keySpan);
  }

  private text(members: Members, key: string, path: Path, into: Record<string, unknown>): void {
    const member = members.get(key);
    if (member === undefined) return;
    const value = this.scalar(member, 'text', (v) => typeof v === 'string');
    if (typeof value !== 'string') return;
    into[key] = value;
    this.place([...path, key], member.value, member.keySpan);
  }

  private scalar(member: JsonMember, expected: string, fits: (value: unknown) => boolean): unknown {
    if (member.value.kind === 'scalar' && fits(member.value.value)) return member.value.value;
    this.say('W103', member.value.span, { key: member.key, expected });
    return undefined;
  }

  private place(path: Path, node: JsonNode, key: Span = node.span): void {
    const written = node.kind === 'scalar' ? String(node.value) : undefined;
    const value = node.kind === 'scalar' ? node.span : key;
    this.places.set(pathText(path), { key, value, written });
  }

  private locator(root: JsonNode): Locator {
    const { places } = this;
    const nearest = (path: Path): Place => {
      for (let length = path.length; length > 0; length--) {
        const place = places.get(pathText(path.slice(0, length)));
        if (place !== undefined) return place;
      }
      return places.get(pathText([])) ?? { key: root.span, value: root.span, written: undefined };
    };
    return {
      locate: (path, part) => nearest(path)[part],
      has: (path) => places.has(pathText(path)),
      written: (path) => places.get(pathText(path))?.written,
    };
  }

  private say(code: Code, span: Span, values: Fill = {}): void {
    this.into.push(diagnostic(code, span, values));
  }
}
