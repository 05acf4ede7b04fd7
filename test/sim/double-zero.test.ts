import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { DOUBLE_ZERO } from '../../src/sim/double-zero.js';

/** Whether V8 gives an object whose field starts with `zero`, and one whose field went on to hold a double, one layout. */
const layoutLasts = (zero: string) => {
  const script = `
    import { DOUBLE_ZERO } from '${new URL('../../dist/sim/double-zero.js', import.meta.url)}';
    class Holder { timePs = ${zero}; }
    const [first, second] = [new Holder(), new Holder()];
    second.timePs = 3e9 + 0.5;
    console.log(%HaveSameMap(first, second));`;
  const options = ['--allow-natives-syntax', '--input-type=module', '--eval', script];
  return execFileSync(process.execPath, options, { encoding: 'utf8' }).trim();
};

describe('the zero of fields that will hold doubles', () => {
  it('is the positive zero, and prints as such', () => {
    expect(Object.is(DOUBLE_ZERO, 0)).toBe(true);
    expect(JSON.stringify([DOUBLE_ZERO])).toBe('[0]');
  });

  it('is a double for V8: the layout of an object outlasts the first large value, as it does not with the literal', () => {
    expect(layoutLasts('DOUBLE_ZERO')).toBe('true');
    expect(layoutLasts('0')).toBe('false');
  });
});
