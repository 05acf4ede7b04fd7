import { describe, expect, test } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import { COMPLETION, shouldWriteCompletion, writeCompletion } from '../../src/core/completion.js';
import { CompletionRecord } from '../../src/core/completion-record.js';
import { Descriptor } from '../../src/core/descriptor.js';
import { STATUS } from '../../src/core/status.js';
import { image, WITH_RECORD } from '../core-reference/build.js';
import { FLAG } from '../core-reference/descriptor.js';

const ADDRESS = 0x2000;
const { success, success_pred, batch_fail, cra_xlat, cra_align, priv_bad } = STATUS;

function descriptor(flags: number): Descriptor {
  const d = new Descriptor();
  d.decode(image('compare', flags, { completion: flags & FLAG.completionAddressValid ? ADDRESS : 0 }), 0);
  return d;
}

function record(status: number): CompletionRecord {
  const r = new CompletionRecord();
  r.status = status;
  return r;
}

const unasked = () => descriptor(FLAG.completionAddressValid);
const asked = () => descriptor(WITH_RECORD);
const nowhere = () => descriptor(0);

describe('a completion record', () => {
  test.each([success, success_pred, batch_fail])('with status %i is written on request only', (status) => {
    expect(shouldWriteCompletion(unasked(), status)).toBe(false);
    expect(shouldWriteCompletion(asked(), status)).toBe(true);
    expect(shouldWriteCompletion(nowhere(), status)).toBe(false);
    expect(writeCompletion(unasked(), record(status), new AddressSpace())).toBe(COMPLETION.none);
  });

  test.each([0x03, 0x06, 0x09, 0x10, 0x22])('with status %i is written without a request', (status) => {
    const space = new AddressSpace();
    expect(writeCompletion(unasked(), record(status), space)).toBe(COMPLETION.written);
    expect(space.readByte(ADDRESS)).toBe(status);
  });

  test.each([cra_xlat, cra_align, priv_bad])('with status %i never goes to memory', (status) => {
    const space = new AddressSpace();
    expect(writeCompletion(asked(), record(status), space)).toBe(COMPLETION.unreported);
    expect(space.readByte(ADDRESS)).toBe(0);
  });

  test('of an error without an address is left unreported', () => {
    expect(writeCompletion(nowhere(), record(0x10), new AddressSpace())).toBe(COMPLETION.unreported);
    expect(writeCompletion(nowhere(), record(success), new AddressSpace())).toBe(COMPLETION.none);
  });

  test('whose page is absent is a fault, and nothing is written', () => {
    const space = new AddressSpace();
    space.setAbsent(ADDRESS);
    expect(writeCompletion(asked(), record(success), space)).toBe(COMPLETION.fault);
    expect(space.readByte(ADDRESS)).toBe(0);
  });
});
