import { describe, expect, it } from 'vitest';
import { most } from '../../src/report/names.js';

const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

describe('some of several designs', () => {
  it('are named one by one while they are few', () => {
    expect(most(['a', 'b'], ['a', 'b'])).toBe('a and b');
    expect(most(all.slice(0, 5), all)).toBe('a, b, c, d and e');
  });

  it('are all, or all but those that are left, where they are many', () => {
    expect(most(all, all)).toBe('all 8');
    expect(most(all.slice(0, 6), all)).toBe('all but g and h');
  });

  it('are named after all where more are left than meant', () => {
    const many = Array.from({ length: 20 }, (_, i) => `d${i}`);
    expect(most(many.slice(0, 6), many)).toBe('d0, d1, d2, d3, d4 and d5');
  });
});
