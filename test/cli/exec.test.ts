import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { BIN } from './dsasim.js';

/** What a stream of lines is answered with, one document a line. */
async function answers(lines: readonly string[]): Promise<unknown[]> {
  const child = spawn(process.execPath, [BIN, 'exec', '--ndjson'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  let stdout = '';
  for await (const text of child.stdout.setEncoding('utf8')) stdout += text;
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const error = (code: string): unknown => ({ error: { code, message: expect.stringMatching(/./) } });

describe('a stream of programs', () => {
  it('is answered in order, whatever is wrong with a line', async () => {
    const one = { memory: [{ address: '0x1000', hex: '2a' }], dump: [{ address: '0x1000', length: 1 }] };
    const result = expect.objectContaining({ memory: [{ address: '0x1000', hex: '2a' }] });
    // No string can hold the digits of so much memory, which shows only when the result is written.
    const whole = { address: '0x0', length: 0x1000_0000 };
    const nowhere = { dump: [{ address: '0x1000', length: 1 }] };
    const found = await answers([
      JSON.stringify(one),
      '{',
      JSON.stringify({ memory: [whole], dump: [whole] }),
      JSON.stringify({ descriptors: ['00'] }),
      JSON.stringify(nowhere),
      JSON.stringify(one),
    ]);
    expect(found).toEqual([
      result,
      error('DSASIM_X001'),
      error('DSASIM_X005'),
      error('DSASIM_X002'),
      error('DSASIM_X004'),
      result,
    ]);
  });
});
