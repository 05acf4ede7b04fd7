import { putLittleEndian } from './bytes.js';
import { type CrcFlags, crc } from './crc-bitwise.js';
import { ENTRY_BYTES, entryBytes, parseEntry, UNIT_BYTES } from './delta.js';
import { FLAG, OP, type ReferenceDescriptor } from './descriptor.js';
import { type Access, OperandFault } from './operands.js';

/** How an operation ended: the variable parts of a completion record. */
export interface Outcome {
  status: number;
  result: number;
  bytesCompleted: number;
  fault?: OperandFault;
  /** Bytes 16 to 31 of the completion record. */
  tail: Uint8Array;
}

export const outcome = (status: number, result = 0, bytesCompleted = 0): Outcome => ({
  status,
  result,
  bytesCompleted,
  tail: new Uint8Array(16),
});

/** Runs `body`, which keeps `partial` current, and turns an unresolved fault into the partial completion. */
export function withFault(partial: Outcome, body: () => Outcome): Outcome {
  try {
    return body();
  } catch (error) {
    if (!(error instanceof OperandFault)) throw error;
    return { ...partial, status: error.status, fault: error };
  }
}

const byte = (value: number): [number] => [value];

/** Memory Move: as if through a temporary buffer; downwards only when an upward copy would eat its own source. */
export function memmove(d: ReferenceDescriptor, access: Access): Outcome {
  const [from, to] = [access.placeOf('source'), access.placeOf('destination')];
  const distance = d.destination + to.shift - (d.source + from.shift);
  const down = from.memory === to.memory && distance > 0n && distance < BigInt(d.size);
  const partial = outcome(0, down ? 1 : 0);
  return withFault(partial, () => {
    for (let n = 0; n < d.size; n++) {
      const at = BigInt(down ? d.size - 1 - n : n);
      const value = access.read('source', d.source + at, 1)[0]!;
      access.write('destination', d.destination + at, byte(value));
      partial.bytesCompleted = n + 1;
    }
    return outcome(1);
  });
}

/** Fill: the pattern repeats from the destination's first byte; after a fault the driver rotates it. */
export function fill(d: ReferenceDescriptor, access: Access): Outcome {
  const wide = d.has(FLAG.op18);
  const pattern = [...d.image.slice(16, 24), ...(wide ? d.image.slice(40, 48) : [])];
  const partial = outcome(0);
  return withFault(partial, () => {
    for (let n = 0; n < d.size; n++) {
      access.write('destination', d.destination + BigInt(n), byte(pattern[n % pattern.length]!));
      partial.bytesCompleted = n + 1;
    }
    return outcome(1);
  });
}

export function dualcast(d: ReferenceDescriptor, access: Access): Outcome {
  const partial = outcome(0);
  return withFault(partial, () => {
    for (let n = 0; n < d.size; n++) {
      const value = access.read('source', d.source + BigInt(n), 1)[0]!;
      access.touch('destination', d.destination + BigInt(n), 1, true);
      access.touch('destination2', d.u64(40) + BigInt(n), 1, true);
      access.write('destination', d.destination + BigInt(n), byte(value));
      access.write('destination2', d.u64(40) + BigInt(n), byte(value));
      partial.bytesCompleted = n + 1;
    }
    return outcome(1);
  });
}

/** Success status of an operation with a Check Result flag. */
const checked = (d: ReferenceDescriptor, asExpected: boolean): number =>
  d.has(FLAG.checkResult) && !asExpected ? 2 : 1;

/** Compare and Compare Pattern: the exact offset of the first byte that differs. */
export function compare(d: ReferenceDescriptor, access: Access, pattern: boolean): Outcome {
  const partial = outcome(0);
  const expected = d.u8(40) & 1;
  return withFault(partial, () => {
    for (let n = 0; n < d.size; n++) {
      const left = access.read('source', d.source + BigInt(n), 1)[0]!;
      const right = pattern
        ? d.image[24 + (n % 8)]!
        : access.read('source2', d.destination + BigInt(n), 1)[0]!;
      if (left !== right) return outcome(checked(d, expected === 1), 1, n);
      partial.bytesCompleted = n + 1;
    }
    return outcome(checked(d, expected === 0), 0);
  });
}

/** CRC Generation and Copy with CRC; the partial CRC of a fault is the seed of its continuation. */
export function crcOperation(d: ReferenceDescriptor, access: Access, copy: boolean): Outcome {
  const flags: CrcFlags = {
    bypassInversionAndReflection: d.has(FLAG.op17),
    bypassDataReflection: d.has(FLAG.op18),
    crc64: d.has(FLAG.op19),
  };
  const width = flags.crc64 ? 8 : 4;
  const partial = outcome(0);
  const data: number[] = [];
  let seed = 0n;
  const finish = (ended: Outcome): Outcome => {
    putLittleEndian(ended.tail, 0, width, crc(data, seed, flags));
    return ended;
  };
  const ended = withFault(partial, () => {
    seed = access.seed(d, width);
    for (let n = 0; n < d.size; n++) {
      const value = access.read('source', d.source + BigInt(n), 1)[0]!;
      if (copy) access.write('destination', d.destination + BigInt(n), byte(value));
      data.push(value);
      partial.bytesCompleted = n + 1;
    }
    return outcome(1);
  });
  return finish(ended);
}

export function createDelta(d: ReferenceDescriptor, access: Access): Outcome {
  const [record, most] = [d.u64(40), d.u32(48)];
  const expectedMask = d.u8(56);
  const status = (result: number): number => checked(d, ((expectedMask >> result) & 1) === 1);
  const partial = outcome(0);
  let recordBytes = 0;
  const ended = withFault(partial, () => {
    for (let at = 0; at < d.size; at += UNIT_BYTES) {
      const left = access.read('source', d.source + BigInt(at), UNIT_BYTES);
      const right = access.read('source2', d.destination + BigInt(at), UNIT_BYTES);
      if (left.some((value, i) => value !== right[i])) {
        if (recordBytes + ENTRY_BYTES > most) return outcome(status(2), 2, at);
        access.write('delta', record + BigInt(recordBytes), entryBytes(at / UNIT_BYTES, right));
        recordBytes += ENTRY_BYTES;
        partial.result = 1;
      }
      partial.bytesCompleted = at + UNIT_BYTES;
    }
    return recordBytes === 0 ? outcome(status(0), 0) : outcome(status(1), 1);
  });
  putLittleEndian(ended.tail, 0, 4, BigInt(recordBytes));
  return ended;
}

export function applyDelta(d: ReferenceDescriptor, access: Access): Outcome {
  const recordBytes = d.u32(40);
  const partial = outcome(0);
  return withFault(partial, () => {
    let previous = -1;
    for (let at = 0; at + ENTRY_BYTES <= recordBytes; at += ENTRY_BYTES) {
      const entry = parseEntry(access.read('source', d.source + BigInt(at), ENTRY_BYTES));
      if (entry.unit <= previous) return outcome(0x07, 0, at);
      if (entry.unit * UNIT_BYTES >= d.size) return outcome(0x08, 0, at);
      access.write('destination', d.destination + BigInt(entry.unit * UNIT_BYTES), entry.data);
      previous = entry.unit;
      partial.bytesCompleted = at + ENTRY_BYTES;
    }
    return outcome(1);
  });
}

/** Cache Flush and Translation Fetch move no data, but every page they name is translated. */
export function touchPages(d: ReferenceDescriptor, access: Access): Outcome {
  const partial = outcome(0);
  const flush = d.operation === OP.cacheFlush;
  const stride = flush ? 1 : d.has(FLAG.op16) ? d.u32(48) : 4096;
  const start = flush ? d.destination : d.source;
  return withFault(partial, () => {
    for (let n = 0; n < d.size; n += stride) {
      partial.bytesCompleted = n;
      access.touch(flush ? 'destination' : 'source', start + BigInt(n), 1, false);
    }
    return outcome(1);
  });
}
