import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodePerfetto } from '../support/perfetto.js';
import { dsasim } from './dsasim.js';
import { LONG, TINY, workload } from './tiny.js';

describe('dsasim run --trace', () => {
  it('writes a Perfetto trace of the measured phase, and the results that an untraced run writes', async () => {
    const { folder, file } = workload();
    const [plain, traced] = [join(folder, 'plain'), join(folder, 'traced')];
    const trace = join(folder, 'tiny.pftrace');
    await dsasim(['run', file, '--quiet', '--out', plain]);
    const { code, stderr } = await dsasim(['run', file, '--out', traced, '--trace', trace]);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /wrote .*tiny\.pftrace: \d+ records of native-cdev @ .*depth=1, replication 0, 10us to 110us\n/,
    );
    expect(readFileSync(join(traced, 'results.json'))).toEqual(readFileSync(join(plain, 'results.json')));
    const { events, tracks } = decodePerfetto(readFileSync(trace));
    expect(events.length).toBeGreaterThan(100);
    for (const { timestamp, type } of events) {
      if (type === 1) expect(timestamp).toBeGreaterThanOrEqual(10_000);
    }
    expect([...tracks.values()].map(({ name }) => name)).toContain('copy occupancy');
  });

  it('takes a window, a limit and a point, and says what did not fit', async () => {
    const { folder, file } = workload();
    const trace = join(folder, 'tiny.json');
    const point = 'native-cdev @ tenants.process.load.closed.depth=8';
    const args = ['--trace', trace, '--trace-point', point, '--trace-window', '0us..20us'];
    const { stderr } = await dsasim(['run', file, '--out', folder, ...args, '--trace-limit', '100']);
    expect(stderr).toContain(`of ${point}, replication 0, 0ps to 20us`);
    expect(stderr).toMatch(/\d+ more did not fit: raise --trace-limit or narrow --trace-window/);
    const { traceEvents } = JSON.parse(readFileSync(trace, 'utf8'));
    const begins = traceEvents.filter(({ ph }: { ph: string }) => ph === 'B');
    expect(begins.length).toBeGreaterThan(10);
    for (const { ts } of begins) expect(ts).toBeLessThan(20);
  });

  it('refuses before simulating what it could not trace', async () => {
    const { folder, file } = workload(LONG);
    const out = join(folder, 'out');
    const trace = ['--trace', join(folder, 'x.pftrace')];
    const cases: [string[], number, RegExp][] = [
      [
        [...trace, '--trace-point', 'native-cdev @ tenants.process.load.closed.depth=9'],
        2,
        /did you mean "native-cdev @ /,
      ],
      [[...trace, '--trace-window', '5us..1us'], 2, /The window ends before it begins/],
      [[...trace, '--trace-window', '5..10'], 2, /two times with their units/],
      [['--trace-limit', '100'], 2, /add --trace FILE/],
      [['--trace', join(file, 'x.pftrace')], 4, /a file is in the way of the directory/],
    ];
    for (const [args, expected, message] of cases) {
      const { code, stderr } = await dsasim(['run', file, '--out', out, ...args]);
      expect([args.at(-1), code]).toEqual([args.at(-1), expected]);
      expect(stderr).toMatch(message);
    }
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(folder)).toEqual(['workload.yaml']);
  });

  it('stops at an interrupt while it traces, keeps what is finished, and leaves no half-written trace', async () => {
    // The replication takes seconds and is simulated twice; results and report are there before the second time.
    const text = TINY.replace('duration: 200us', 'duration: 400ms')
      .replace('replications: 3', 'replications: 1')
      .replace('[1, 8]', '[8]');
    const { folder, file } = workload(text);
    writeFileSync(join(folder, 'keep.pftrace'), 'what was there before');
    const out = join(folder, 'out');
    const { code, stderr } = await dsasim(
      ['run', file, '--out', out, '--trace', join(folder, 'keep.pftrace')],
      {
        signals: [[() => existsSync(join(out, 'report.html')), 'SIGINT']],
      },
    );
    expect(code, stderr).toBe(130);
    expect(stderr).toMatch(/written: .*results\.json, .*report\.html\n$/);
    expect(readFileSync(join(folder, 'keep.pftrace'), 'utf8')).toBe('what was there before');
    expect(readdirSync(folder).sort()).toEqual(['keep.pftrace', 'out', 'workload.yaml']);
  });
});
