import { describe, expect, it } from 'vitest';
import { interruptionOf } from '../../src/cli/interrupt.js';
import { InterruptedError } from '../../src/experiment/errors.js';

const ABORTED = AbortSignal.abort().reason as Error;

describe('what an interrupted command says', () => {
  it('is how far it came, and which files are there', () => {
    const halfway = new InterruptedError(3, 8);
    expect(interruptionOf(halfway, [])).toBe(`${halfway.message}; no file was written`);
    expect(interruptionOf(halfway, [], true)).toBe(halfway.message);
    expect(interruptionOf(halfway, ['a.json'])).toBe(`${halfway.message}; written: a.json`);
    expect(interruptionOf(ABORTED, [], true)).toBe('interrupted');
    expect(interruptionOf(ABORTED, ['a.json', 'b.html'])).toBe('interrupted; written: a.json, b.html');
  });

  it('is nothing of an error that came otherwise', () => {
    expect(interruptionOf(new Error('interrupted'), [])).toBeNull();
    expect(interruptionOf('interrupted', [])).toBeNull();
  });
});
