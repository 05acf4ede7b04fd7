import { describe, expect, it } from 'vitest';
import { debugStack, describeFailure, UsageError } from '../../src/cli/errors.js';
import {
  DocumentError,
  NotComparableError,
  OutputError,
  SimulationError,
  WorkerError,
} from '../../src/experiment/errors.js';

const full = Object.assign(new Error('write'), { code: 'ENOSPC', syscall: 'write' });
const told = async (error: unknown): Promise<string> => {
  const { exit, text } = await describeFailure(error, false);
  return `${exit} ${text}`;
};

describe('a failed command', () => {
  it('tells what happened, with a stable code, and exits as the contract says', async () => {
    expect(await told(new UsageError('no such thing', 'try this'))).toBe(
      '2 error[DSASIM_C002]: no such thing\n  = try this',
    );
    expect(await told(new DocumentError('a.json', 'DSASIM_D002', 'is empty'))).toBe(
      '2 error[DSASIM_D002]: a.json: is empty\n  = Make it again: it was not written whole.',
    );
    expect(await told(new NotComparableError(['one', 'two']))).toBe(
      '3 error[DSASIM_G001]: not comparable\n  - one\n  - two',
    );
    expect(await told(new NotComparableError(['one'], 'do this'))).toBe(
      '3 error[DSASIM_G001]: not comparable\n  - one\n  = do this',
    );
    expect(await told(new OutputError('out.json', full))).toMatch(
      /^4 error\[DSASIM_E001\]: cannot write out.json: no space left on the disk\n/,
    );
    expect(await told(new SimulationError('mdev', 3, 'the clock ran out', 'stack'))).toBe(
      '4 error[DSASIM_E002]: the simulation of mdev, replication 3, failed: the clock ran out',
    );
    expect(await told(new WorkerError('a worker thread ended', 2, 8))).toMatch(/^4 error\[DSASIM_E003\]/);
  });

  it('calls anything unknown an internal error and says how to report it, without a stack', async () => {
    for (const error of [new TypeError('x is undefined'), 'x is undefined']) {
      const text = await told(error);
      expect(text).toMatch(/^4 error\[DSASIM_E000\]: internal error: x is undefined\n {2}= .*report it/s);
      expect(text).not.toMatch(/ at .*:\d+/);
    }
  });

  it('shows the stack under DEBUG=dsasim, that of the worker where it happened there', () => {
    const error = new SimulationError('mdev', 3, 'the clock ran out', 'RangeError\n    at model.js:1');
    expect(debugStack(error, {})).toBe('');
    expect(debugStack(error, { DEBUG: 'express' })).toBe('');
    expect(debugStack(error, { DEBUG: 'express,dsasim' })).toContain('at model.js:1');
    expect(debugStack(new Error('x', { cause: full }), { DEBUG: 'dsasim' })).toMatch(
      /caused by Error: write/,
    );
  });
});
