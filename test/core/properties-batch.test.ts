import fc from 'fast-check';
import { describe, test } from 'vitest';
import { expectAgreement } from './agreement.js';
import { batchCases } from './batch-cases.js';
import { casesOf } from './cases.js';
import { runs } from './runs.js';

const RUNS = runs(20268);

describe('the core agrees with the model in every byte, on random programs of', () => {
  test('batches', () => {
    fc.assert(fc.property(batchCases, expectAgreement), RUNS);
  });

  test('drain', () => {
    fc.assert(fc.property(casesOf('drain'), expectAgreement), RUNS);
  });
});
