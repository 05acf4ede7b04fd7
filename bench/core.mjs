/** The instruction set on real bytes, against the bare calls that do the same to the same bytes. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AddressSpace } from '../dist/core/address-space.js';
import { capabilitiesOf } from '../dist/core/capabilities.js';
import { Descriptor } from '../dist/core/descriptor.js';
import { encodeDescriptor } from '../dist/core/encode-descriptor.js';
import { Executor } from '../dist/core/executor.js';
import { FLAG } from '../dist/core/flags.js';
import { OPCODE } from '../dist/core/operations.js';
import { t10Guard } from '../dist/core/t10-dif.js';
import { inTurns, ratio, repeated } from './measure.mjs';
import { crc32cOf } from './slicing-by-16.mjs';

const SOURCE = 0x1000_0000;
const DESTINATION = 0x2000_0000;
const RECORD = 0x3000_0000;
const DELTA = 0x4000_0000;
const RECORD_FLAGS = FLAG.completion_record_address_valid | FLAG.request_completion_record;
const DIF_BLOCK_BYTES = 512;
const KIB = 1024;

/** A space with two equal buffers, an executor, and what the bare calls need to reach the same bytes. */
class Subject {
  constructor(bytes) {
    this.bytes = bytes;
    this.space = new AddressSpace({ presence: 'mapped', seed: 1 });
    this.space.map(SOURCE, bytes);
    this.space.map(DESTINATION, bytes);
    this.space.map(RECORD, 4096);
    this.space.map(DELTA, 65_536);
    const content = new Uint8Array(bytes);
    this.space.read(SOURCE, content, 0, bytes);
    this.space.write(DESTINATION, content, 0, bytes);
    this.executor = new Executor(capabilitiesOf('2.0'));
    this.from = this.place(SOURCE);
    this.to = this.place(DESTINATION);
  }

  place(address) {
    const { space } = this;
    if (space.locateForWrite(address, this.bytes) !== this.bytes) throw new Error('a buffer is in pieces');
    return { arena: space.arena, offset: space.offset };
  }

  /** Executes one descriptor again and again. */
  execute(fields) {
    const image = new Uint8Array(64);
    encodeDescriptor(
      { flags: RECORD_FLAGS, completionAddress: RECORD, source: SOURCE, size: this.bytes, ...fields },
      image,
      0,
    );
    const descriptor = new Descriptor();
    descriptor.decode(image, 0);
    const { executor, space } = this;
    return (times) => {
      for (let i = 0; i < times; i++) executor.execute(descriptor, space);
      if (executor.completion.status !== 1) throw new Error(`status ${executor.completion.status}`);
    };
  }
}

function moves(subject) {
  const { from, to, bytes } = subject;
  const pattern = new Uint32Array([0x04030201, 0x08070605]);
  const double = new Float64Array(pattern.buffer)[0];
  const target = to.arena.bytes;
  const doubles = to.arena.doubles;
  const left = from.arena.host;
  const right = to.arena.host;
  return {
    memmove: {
      dsasim: subject.execute({ opcode: OPCODE.memmove, destination: DESTINATION }),
      bare:
        from.arena === to.arena
          ? (times) => {
              for (let i = 0; i < times; i++) target.copyWithin(to.offset, from.offset, from.offset + bytes);
            }
          : (times) => {
              const source = from.arena.bytes.subarray(from.offset, from.offset + bytes);
              for (let i = 0; i < times; i++) target.set(source, to.offset);
            },
    },
    fill: {
      dsasim: subject.execute({
        opcode: OPCODE.fill,
        destination: DESTINATION,
        patternLow: pattern[0],
        patternHigh: pattern[1],
      }),
      bare: (times) => {
        for (let i = 0; i < times; i++) doubles.fill(double, to.offset / 8, (to.offset + bytes) / 8);
      },
    },
    compare: {
      dsasim: subject.execute({ opcode: OPCODE.compare, destination: DESTINATION }),
      bare: (times) => {
        let sum = 0;
        for (let i = 0; i < times; i++) {
          sum += left.compare(right, to.offset, to.offset + bytes, from.offset, from.offset + bytes);
        }
        if (sum !== 0) throw new Error('the buffers differ');
      },
    },
  };
}

/**
 * @node-rs/crc32, a native peer that dsasim does not depend on: looked for beside dsasim, then in the working folder.
 * @returns its `crc32c` and version, or null where it is not installed
 */
export function nativeCrc() {
  for (const place of [import.meta.url, pathToFileURL(join(process.cwd(), 'index.js'))]) {
    const require = createRequire(place);
    try {
      return {
        crc32c: require('@node-rs/crc32').crc32c,
        version: require('@node-rs/crc32/package.json').version,
      };
    } catch {
      // Not there.
    }
  }
  return null;
}

/** Rows of the table: what was compared, against what, and the target. */
export async function benchCore({ rounds, seconds }) {
  const rows = [];
  for (const [bytes, size, target] of [
    [4 * KIB, '4 KiB', 1.5],
    [1024 * KIB, '1 MiB', 1.1],
  ]) {
    for (const name of ['memmove', 'fill', 'compare']) {
      // A subject of its own each, so that filling does not make the buffers differ.
      const { dsasim, bare } = moves(new Subject(bytes))[name];
      const rates = await inTurns(
        { dsasim: repeated(dsasim, seconds), bare: repeated(bare, seconds) },
        rounds,
      );
      rows.push({
        what: `${name}, ${size}`,
        against: 'time of the bare call',
        ratio: ratio(rates, 'bare', 'dsasim'),
        atMost: target,
      });
    }
  }
  rows.push(...(await checksums({ rounds, seconds })));
  return rows;
}

async function checksums({ rounds, seconds }) {
  const bytes = 4 * KIB;
  const subject = new Subject(bytes);
  const { from, space, executor } = subject;
  const { words, host } = from.arena;
  const crc = subject.execute({ opcode: OPCODE.crc });
  crc(1);
  const expected = crc32cOf(words, from.offset / 4, bytes);
  if (executor.completion.crc !== expected) throw new Error('the two CRC32C differ');
  const native = nativeCrc();
  const view = host.subarray(from.offset, from.offset + bytes);
  if (native !== null && native.crc32c(view) !== expected) throw new Error('the native CRC32C differs');
  const guards = (times) => {
    for (let i = 0; i < times; i++) {
      for (let at = 0; at < bytes; at += DIF_BLOCK_BYTES) t10Guard(space, SOURCE + at, DIF_BLOCK_BYTES, 0);
    }
  };
  const subjects = {
    crc: repeated(crc, seconds),
    loop: repeated((times) => {
      for (let i = 0; i < times; i++) crc32cOf(words, from.offset / 4, bytes);
    }, seconds),
    guards: repeated(guards, seconds),
    compare: repeated(subject.execute({ opcode: OPCODE.compare, destination: DESTINATION }), seconds),
    delta: repeated(
      subject.execute({
        opcode: OPCODE.create_delta,
        destination: DESTINATION,
        deltaAddress: DELTA,
        maxDeltaBytes: 65_520,
      }),
      seconds,
    ),
    ...(native === null
      ? {}
      : {
          native: repeated((times) => {
            for (let i = 0; i < times; i++) native.crc32c(view);
          }, seconds),
        }),
  };
  const rates = await inTurns(subjects, rounds);
  const row = (what, against, subjectName, base, atLeast) => ({
    what,
    against,
    ratio: ratio(rates, subjectName, base),
    ...(atLeast === undefined ? {} : { atLeast }),
  });
  return [
    row('CRC32C, 4 KiB', 'rate of the bare slicing-by-16 loop', 'crc', 'loop', 1),
    row('T10-DIF guards, 4 KiB in blocks of 512 B', 'rate of CRC32C', 'guards', 'crc', 0.5),
    row('delta creation on equal buffers, 4 KiB', 'rate of compare', 'delta', 'compare', 1 / 3),
    native === null
      ? { what: '@node-rs/crc32, 4 KiB', skipped: 'not installed (npm install --no-save @node-rs/crc32)' }
      : row('@node-rs/crc32 (native), 4 KiB', 'rate of CRC32C', 'native', 'crc'),
  ];
}
