import { describe, expect, it } from 'vitest';
import { ProgressReporter } from '../../src/cli/progress.js';

/** A stream that keeps what it is given and a clock that is set by hand. */
function bench(stream: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  let time = 0;
  const reporter = new ProgressReporter(
    { ...stream, write: (text: string) => written.push(text) },
    'replications',
    () => time,
  );
  return {
    written,
    reporter,
    at(ms: number, done: number, what?: string): void {
      time = ms;
      reporter.step({ done, total: 100, share: done / 100, ...(what === undefined ? {} : { what }) });
    },
  };
}

describe('progress', () => {
  it('writes a plain line now and then where there is no terminal, with the time that is left', () => {
    const { written, reporter, at } = bench({});
    for (let second = 1; second <= 12; second++) at(second * 1000, second * 5);
    reporter.end();
    expect(written).toEqual([
      '25 %, 25/100 replications, about 15 s left\n',
      '50 %, 50/100 replications, about 10 s left\n',
    ]);
  });

  it('says nothing about work that is over at once', () => {
    const { written, reporter, at } = bench({ isTTY: true, columns: 80 });
    at(200, 50);
    at(400, 100);
    reporter.end();
    expect(written).toEqual([]);
  });

  it('draws a bar that fits a terminal and removes it at the end', () => {
    const { written, reporter, at } = bench({ isTTY: true, columns: 50 });
    at(600, 50);
    at(650, 60);
    at(1000, 75);
    reporter.end();
    expect(written.length).toBe(3);
    expect(written[0]).toContain('████████████░░░░░░░░░░░░ 50/100');
    expect(written[1]).toContain('75/100');
    for (const text of written) expect(text.replace('\r\x1b[K', '').length).toBeLessThan(50);
    expect(written[2]).toBe('\r\x1b[K');
  });

  it('names other work and begins to reckon anew with it, and with another round of the same', () => {
    const { written, at } = bench({});
    for (let second = 1; second <= 5; second++) at(second * 1000, second * 20);
    for (let second = 6; second <= 15; second++) at(second * 1000, second, 'worlds');
    for (let second = 16; second <= 26; second++) at(second * 1000, second - 15, 'worlds');
    expect(written).toEqual([
      '100 %, 100/100 replications\n',
      '10 %, 10/100 worlds, about 36 s left\n',
      '15 %, 15/100 worlds, about 51 s left\n',
      '5 %, 5/100 worlds, about 1 min 16 s left\n',
      '10 %, 10/100 worlds, about 1 min 21 s left\n',
    ]);
  });

  it('guesses no end before anything tells of it', () => {
    const { written, at } = bench({});
    at(6000, 0.2);
    at(12_000, 2);
    expect(written[0]).toBe('0 %, 0.2/100 replications\n');
    expect(written[1]).toContain('left');
  });

  it('speaks of minutes and hours where seconds would be long', () => {
    const { written, at } = bench({});
    at(10_000, 1);
    at(200_000, 2);
    expect(written[0]).toContain('about 16 min 30 s left');
    expect(written[1]).toContain('about 2 h 43 min left');
  });
});
