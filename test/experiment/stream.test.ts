import { describe, expect, it } from 'vitest';
import { counted } from '../../src/experiment/stream.js';

describe('items that are counted as they pass', () => {
  it('are told after whoever reads them has done with each, and not before they are asked for', () => {
    const told: number[] = [];
    const items = counted(['a', 'b', 'c'], (passed) => told.push(passed))[Symbol.iterator]();
    expect(told).toEqual([]);
    expect(items.next().value).toBe('a');
    expect(told).toEqual([]);
    expect(items.next().value).toBe('b');
    expect(told).toEqual([1]);
    expect([...items]).toEqual(['c']);
    expect(told).toEqual([1, 2, 3]);
  });
});
