import fc from 'fast-check';
import { describe, test } from 'vitest';
import { expectAgreement } from './agreement.js';
import { casesOf } from './cases.js';
import { overlappingMoves } from './overlap-cases.js';
import { runs } from './runs.js';

const RUNS = runs(20260);

describe('the core agrees with the model in every byte, on random programs of', () => {
  test.each(['nop', 'memmove', 'fill'] as const)('%s', (name) => {
    fc.assert(fc.property(casesOf(name), expectAgreement), RUNS);
  });

  test('memmove onto itself', () => {
    fc.assert(fc.property(overlappingMoves, expectAgreement), RUNS);
  });
});
