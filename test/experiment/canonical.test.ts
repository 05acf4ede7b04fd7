import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalPieces, canonicalText, type Json, sortedRounded } from '../../src/experiment/canonical.js';
import { Stream, StreamedRecord, whole } from '../../src/experiment/stream.js';

const json = fc.jsonValue({ maxDepth: 5 }) as fc.Arbitrary<Json>;

describe('canonical JSON', () => {
  it('reads back as the value it was made from', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('gives the same text again after it was read', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalText(value);
        expect(canonicalText(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('gives streams the text of the lists and records that they make, whatever their length', () => {
    const streamed = (value: Json): Json => {
      if (Array.isArray(value)) return new Stream(() => value);
      if (typeof value !== 'object' || value === null) return value;
      return new StreamedRecord(() => Object.entries(value));
    };
    const list = fc.array(json, { maxLength: 200 }) as fc.Arbitrary<Json>;
    const numbers = fc.array(fc.integer(), { maxLength: 200 }) as fc.Arbitrary<Json>;
    const record = fc.dictionary(fc.string(), json, { maxKeys: 100 }) as fc.Arbitrary<Json>;
    const any = fc
      .oneof(list, numbers, record, json)
      .map((value) => JSON.parse(JSON.stringify(value)) as Json);
    fc.assert(
      fc.property(any, any, (first, second) => {
        // As in the result document: streams by themselves, and inside a record of the document.
        const long = 'a document is never on one line: '.repeat(5);
        const document = (f: Json, s: Json): Json => ({ kind: [long], f, both: { f, s }, one: { s, n: 1 } });
        const plain = canonicalText(document(first, second));
        expect(canonicalText(document(streamed(first), streamed(second)))).toBe(plain);
        expect(whole(document(streamed(first), streamed(second)))).toEqual(document(first, second));
      }),
    );
  });

  it('comes in pieces far shorter than the whole', () => {
    const rows = Array.from({ length: 2000 }, (_, i) => ({
      key: `point ${i}`,
      mean: i / 7,
      values: [i, i / 3],
    }));
    const pieces = [...canonicalPieces(rows)];
    expect(pieces.length).toBeGreaterThan(2000);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(120);
  });

  it('keeps a metric on one line, however many replications it has', () => {
    const values = Array.from({ length: 100 }, (_, i) => i / 7);
    const text = canonicalText({ a: { mean: 1, values }, b: { mean: 2, values } });
    expect(text.split('\n').length).toBe(5);
  });

  it('puts a small object on one line and a large one on a line a key', () => {
    const line = { mean: 1.5e-6, half_width: 2e-9, values: [1.4e-6, 1.6e-6] };
    expect(canonicalText({ first: line, second: line })).toBe(
      [
        '{',
        '  "first": { "mean": 0.0000015, "half_width": 2e-9, "values": [0.0000014, 0.0000016] },',
        '  "second": { "mean": 0.0000015, "half_width": 2e-9, "values": [0.0000014, 0.0000016] }',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('refuses numbers that JSON would turn into null', () => {
    expect(() => canonicalText({ a: [Number.NaN] })).toThrow(RangeError);
    expect(() => canonicalText(Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });

  it('sorts keys and rounds numbers at every depth', () => {
    const value = { b: [{ z: 0.1 + 0.2, a: 1 }], a: 31_400_000_000.125 };
    expect(canonicalText(sortedRounded(value, 9))).toBe(
      '{ "a": 31400000000, "b": [{ "a": 1, "z": 0.3 }] }\n',
    );
  });
});
