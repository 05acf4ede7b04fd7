import fc from 'fast-check';
import { describe, test } from 'vitest';
import { expectAgreement } from './agreement.js';
import { interDomainCases } from './inter-domain-cases.js';
import { runs } from './runs.js';

const RUNS = runs(20269);

describe('the core agrees with the model in every byte, on random programs of', () => {
  test.each([
    'interDomainCopy',
    'interDomainFill',
    'interDomainCompare',
    'interDomainComparePattern',
    'updateWindow',
  ] as const)('%s', (name) => {
    fc.assert(fc.property(interDomainCases(name), expectAgreement), RUNS);
  });
});
