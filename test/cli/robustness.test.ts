import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resultsSchema } from '../../src/experiment/results.js';
import { BIN, begins, dsasim, temporaryFolder } from './dsasim.js';
import { LONG, TINY, workload } from './tiny.js';

/** Exit code of a command of the shell. */
const shell = (command: string): number | null => spawnSync('bash', ['-c', command]).status;

/** All files below a folder. */
const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => entry.name)
        .sort()
    : [];

/** Whole lines of results in the journal of a run. */
const finished = (out: string): number =>
  existsSync(join(out, 'journal.ndjson'))
    ? (readFileSync(join(out, 'journal.ndjson'), 'utf8').match(/^\{"run".*\}$/gm) ?? []).length
    : 0;

/** Whether what a run left behind is whole: nothing half written under any name. */
function expectWhole(folder: string): void {
  const files = filesIn(folder);
  expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  if (files.includes('results.json')) {
    resultsSchema.parse(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')));
  }
  if (files.includes('report.html')) {
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/<\/html>\n$/);
  }
}

describe('an interrupt at any time', () => {
  it('leaves whole files only, and says what is finished', async () => {
    const { folder, file } = workload(
      TINY.replace('duration: 200us', 'duration: 2ms')
        .replace('replications: 3', 'replications: 10')
        .replace('[1, 8]', '[1, 4, 8]'),
    );
    /** Moments over the life of a run, by what it has done. */
    const moments: ((out: string, begun: () => boolean) => boolean)[] = [
      () => true,
      (_, begun) => begun(),
      (out) => finished(out) >= 1,
      (out) => finished(out) >= 10,
      (out) => existsSync(join(out, 'results.json')),
      (out) => existsSync(join(out, 'report.html')),
    ];
    let interrupted = 0;
    for (const [i, moment] of moments.entries()) {
      const out = join(folder, `out${i}`);
      const { env, begun } = begins();
      const { code, stderr } = await dsasim(['run', file, '--out', out], {
        env,
        signals: [[() => moment(out, begun), 'SIGINT']],
      });
      expectWhole(out);
      // Null: the signal came before there was any program to catch it, or when Node itself was already leaving.
      expect([0, 130, null], stderr).toContain(code);
      if (code === null)
        expect([[], ['journal.ndjson'], ['report.html', 'results.json']]).toContainEqual(filesIn(out));
      if (code !== 130) continue;
      interrupted++;
      const names = filesIn(out).map((name) => join(out, name));
      if (names.length === 0) expect(stderr).toMatch(/no file was written|^interrupted\n/m);
      for (const name of names) expect(stderr).toContain(name);
    }
    expect(interrupted).toBeGreaterThan(1);
  }, 300_000);

  it('stops a gate, which writes no baseline then', async () => {
    const { folder, file } = workload(LONG);
    const baseline = join(folder, 'baseline.json');
    for (const [signal, expected] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const { env, begun } = begins();
      const { code, stdout, stderr } = await dsasim(
        ['gate', file, '--baseline', baseline, '--update-baseline'],
        { env, signals: [[begun, signal]] },
      );
      expect([code, stdout]).toEqual([expected, '']);
      expect(stderr).toMatch(/interrupted: \d+ of 80 replications were finished; no file was written\n$/);
    }
    expect(filesIn(folder)).toEqual(['workload.yaml']);
  });

  it('ends at once at the second signal, without half a file', async () => {
    const { folder, file } = workload(LONG);
    const { env, begun } = begins();
    const { code } = await dsasim(['run', file, '--out', join(folder, 'out')], {
      env,
      // Two kinds, since the same signal sent twice may arrive once.
      signals: [
        [begun, 'SIGINT'],
        [() => true, 'SIGTERM'],
      ],
    });
    // The code of the second, unless the first was done before it came.
    expect([143, 130]).toContain(code);
    expect([[], ['journal.ndjson']]).toContainEqual(filesIn(join(folder, 'out')));
  });

  it('ends a command that cannot stop half-way, and keeps what was there before', async () => {
    const { folder, file } = workload();
    await dsasim(['run', file, '--out', folder, '--quiet']);
    const page = join(folder, 'page.html');
    writeFileSync(page, 'before');
    const unfinished = () => filesIn(folder).some((name) => name.endsWith('.tmp'));
    const written = () => readFileSync(page, 'utf8') !== 'before';
    for (const moment of [() => true, unfinished, written]) {
      const { code } = await dsasim(['report', join(folder, 'results.json'), '--out', page], {
        signals: [[moment, 'SIGTERM']],
      });
      expect([0, 143, null]).toContain(code);
      expect(readFileSync(page, 'utf8')).toMatch(/^before$|<\/html>\n$/);
      expect(filesIn(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }
  });
});

describe('a disk without room', () => {
  // A tiny file system, where this machine lets tests mount one.
  const small = join(temporaryFolder(), 'small');
  mkdirSync(small);
  const mounted = shell(`mount -t tmpfs -o size=64k tmpfs ${small}`) === 0;
  afterAll(() => {
    if (mounted) shell(`umount ${small}`);
  });

  it.skipIf(!mounted)(
    'gives a clear error and exit 4, and keeps what was there and what is finished',
    async () => {
      const { file } = workload(TINY.replace('[1, 8]', '[1, 2, 3, 4, 5, 6, 7, 8]'));
      const out = join(small, 'out');
      mkdirSync(out);
      writeFileSync(join(out, 'results.json'), 'before');
      const { code, stderr } = await dsasim(['run', file, '--out', out]);
      expect(code).toBe(4);
      expect(stderr).toContain(
        `error[DSASIM_E001]: cannot write ${join(out, 'journal.ndjson')}: no space left on the disk`,
      );
      expect(stderr).toMatch(
        /^\d+ finished replications are kept in .*journal\.ndjson; continue with: .* --resume$/m,
      );
      expect(stderr).not.toMatch(/\n {4}at /);
      expect(readFileSync(join(out, 'results.json'), 'utf8')).toBe('before');
      expect(filesIn(out)).toEqual(['journal.ndjson', 'results.json']);

      expect(shell(`mount -o remount,size=64m ${small}`)).toBe(0);
      const again = await dsasim(['run', file, '--out', out, '--resume']);
      expect(again.code, again.stderr).toBe(0);
      expect(filesIn(out)).toEqual(['report.html', 'results.json']);
    },
  );

  it('is told alike where files may not grow', async () => {
    const { folder, file } = workload(TINY.replace('[1, 8]', '[1, 2, 3, 4, 5, 6, 7, 8]'));
    const baseline = join(folder, 'baseline.json');
    const commands = [
      ['run', file, '--out', join(folder, 'out')],
      ['gate', file, '--baseline', baseline, '--update-baseline'],
      ['run', file, '--quiet', '--out', join(folder, 'out'), '--trace', join(folder, 'x.pftrace')],
    ];
    for (const args of commands) {
      const { status, stderr } = spawnSync(
        'bash',
        ['-c', 'ulimit -f 4; exec "$0" "$@"', process.execPath, BIN, ...args],
        // Under CI a baseline is not updated without --force.
        { encoding: 'utf8', env: { ...process.env, CI: '' } },
      );
      expect([args[0], status], stderr).toEqual([args[0], 4]);
      expect(stderr).toMatch(
        /error\[DSASIM_E001\]: cannot write .*: the file would be larger than the system allows/,
      );
    }
    // What was finished before stays for --resume.
    expect(filesIn(folder)).toEqual(['journal.ndjson', 'workload.yaml']);
  });
});

describe('a worker that is killed', () => {
  it('gives a clear error with what was finished, exit 4, and no file', async () => {
    const { folder, file } = workload(LONG);
    // Loaded into every thread: those that simulate end in the middle of it, as if somebody had ended them.
    const killer = join(folder, 'killer.cjs');
    writeFileSync(
      killer,
      `if (!require('node:worker_threads').isMainThread) {
        const { log } = Math;
        let calls = 0;
        Math.log = (x) => (++calls > 5000 ? process.exit(9) : log(x));
      }`,
    );
    const out = join(folder, 'out');
    for (const command of [
      ['run', file, '--out', out],
      ['gate', file, '--baseline', join(folder, 'b.json'), '--update-baseline'],
    ]) {
      const { code, stdout, stderr } = await dsasim(command, {
        env: { NODE_OPTIONS: `--require ${killer}` },
      });
      expect([code, stdout]).toEqual([4, '']);
      expect(stderr).toMatch(
        /error\[DSASIM_E003\]: a worker thread ended: .*\(\d+ of 80 replications were finished\)/,
      );
      expect(stderr).not.toMatch(/\n {4}at |internal error/);
    }
    expect(filesIn(folder)).toEqual(['killer.cjs', 'workload.yaml']);
  });

  it('gives the same while it traces', async () => {
    const { folder, file } = workload();
    const killer = join(folder, 'killer.cjs');
    writeFileSync(
      killer,
      "const w = require('node:worker_threads'); if (!w.isMainThread && process.env.KILL_AFTER_FILE && require('node:fs').existsSync(process.env.KILL_AFTER_FILE)) process.exit(9);\n",
    );
    const out = join(folder, 'out');
    const { code, stderr } = await dsasim(['run', file, '--out', out, '--trace', join(folder, 'x.pftrace')], {
      env: { NODE_OPTIONS: `--require ${killer}`, KILL_AFTER_FILE: join(out, 'report.html') },
    });
    expect(code, stderr).toBe(4);
    expect(stderr).toMatch(/error\[DSASIM_E00[23]\]/);
    expect(filesIn(out)).toEqual(['report.html', 'results.json']);
  });
});
