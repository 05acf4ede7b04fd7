import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dsasim, temporaryFolder } from './dsasim.js';
import { TINY, workload } from './tiny.js';

/** The tiny workload with a piece of it replaced; fails when the piece is not there. */
const broken = (piece: string, by: string): string => {
  expect(TINY).toContain(piece);
  return TINY.replace(piece, by);
};

const QUEUE = '{ name: copy, mode: dedicated, size: 32 }';
const LOL = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  .concat([...'bcdefgh'].map((c, i) => `${c}: &${c} [${`*${'abcdefg'[i]}, `.repeat(10)}]`))
  .join('\n');

/** What is wrong, the workload, and what must be said: code, line, the token under the caret. */
const CASES: readonly [string, string, RegExp][] = [
  [
    'an unknown key',
    broken('replications: 3', 'replicatons: 3'),
    /W010.*\n.*:13:\d+(.*\n)+?.*\^{11} did you mean "replications"\?/,
  ],
  ['a wrong unit', broken('warmup: 10us', 'warmup: 10GB/s'), /W016.*"GB\/s"(.*\n)+?.*\^+/],
  ['a bare number', broken('size: 4KiB', 'size: 4096'), /W015.*\n.*:12:\d+(.*\n)+?.*\^{4} /],
  [
    'a work queue above the storage of the device',
    broken('size: 32', 'size: 129'),
    /W0\d\d.*\n.*:6:\d+(.*\n)+?.*\^+/,
  ],
  [
    'an unknown mode',
    broken('mode: dedicated', 'mode: dedicatd'),
    /W012.*\n(.*\n)+?.*\^+ did you mean "dedicated"\?/,
  ],
  [
    'a shared work queue with threshold 0',
    broken(QUEUE, '{ name: copy, mode: shared, size: 32, threshold: 0 }'),
    /(W036|W014).*\n(.*\n)+?.*\^+/,
  ],
  [
    'an engine in two groups',
    broken(
      '- engines: 1\n        work_queues:\n',
      '- engines: [0]\n        work_queues: [{ name: other, mode: dedicated, size: 8 }]\n      - engines: [0]\n        work_queues:\n',
    ),
    /W034.*engine 0(.*\n)+?.*\^+/,
  ],
  [
    'an operation that the work queue does not allow',
    broken('size: 32 }', 'size: 32, operations: [fill] }'),
    /W064.*memmove(.*\n)+?.*\^+/,
  ],
  ['an empty sweep', broken('[1, 8]', '[]'), /W080.*\n.*:14:\d+/],
  [
    'a sweep of what is not there',
    broken('sweep: { tenants.process', 'sweep: { tenants.proces'),
    /W081.*\n(.*\n)+?.*\^+ did you mean/,
  ],
  [
    'an unknown design',
    broken('native-cdev', 'native-cdv'),
    /W051.*\n(.*\n)+?.*\^+ did you mean "native-cdev"\?/,
  ],
  ['a file of aliases that would not fit into memory', LOL, /W006.*aliases/],
  ['what is not YAML', 'name: [', /W004/],
  ['an empty file', '', /W002/],
  [
    'a device file that is not there',
    broken(/ {2}- groups:\n(.*\n){3}/.exec(TINY)![0], '  - accel_config: ./missing.conf\n'),
    /W001.*missing\.conf(.*\n)+?.*\^+/,
  ],
];

describe('bad input', () => {
  for (const [what, text, expected] of CASES) {
    it(`${what} exits 2 with its code and its place, and writes nothing`, async () => {
      const { folder, file } = workload(text);
      const out = join(folder, 'out');
      const { code, stdout, stderr } = await dsasim(['run', file, '--out', out]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(expected);
      expect(stderr).toMatch(/^error\[DSASIM_W\d{3}\]: /m);
      expect(stderr).not.toMatch(/\n {4}at |internal error/);
      expect(existsSync(out)).toBe(false);
    });
  }

  it('is told alike by run, check and gate', async () => {
    const { folder, file } = workload(broken('size: 4KiB', 'size: 4096'));
    const baseline = join(folder, 'baseline.json');
    const told = await dsasim(['run', file]);
    expect(await dsasim(['check', file])).toEqual(told);
    expect(await dsasim(['gate', file, '--baseline', baseline, '--update-baseline'])).toEqual(told);
    expect(existsSync(baseline)).toBe(false);
  });

  it('is told all at once', async () => {
    const text = broken('replications: 3', 'replicatons: 3')
      .replace('size: 4KiB', 'size: 4096')
      .replace('native-cdev', 'native-cdv');
    const { stderr } = await dsasim(['check', workload(text).file]);
    expect(stderr.match(/^error\[DSASIM_W\d{3}\]/gm)!.length).toBeGreaterThanOrEqual(2);
    expect(stderr).toMatch(/replicatons/);
    expect(stderr).toMatch(/4096/);
  });

  it('in --set points into the option', async () => {
    const { file } = workload();
    const unknown = await dsasim(['run', file, '--set', 'tenants.process.bach=2']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/--set:1:1(.*\n)+?.*did you mean/);
    const wrong = await dsasim(['run', file, '--set', 'measure.duration=5']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/W015(.*\n)+?.*--set:1:18/);
  });

  it('that cannot be read exits 2', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'dir.yaml'));
    writeFileSync(join(folder, 'binary.yaml'), Buffer.from([0, 159, 146, 150, 255]));
    for (const name of ['missing.yaml', 'dir.yaml', 'binary.yaml']) {
      const { code, stderr } = await dsasim(['run', join(folder, name)]);
      expect(code, name).toBe(2);
      expect(stderr, name).toMatch(/^error\[DSASIM_W0\d\d\]: /);
      expect(stderr, name).not.toMatch(/internal error|\n {4}at /);
    }
  });
});

describe('a migration for which there is not enough simulated time', () => {
  const MIGRATION = TINY.replace('designs: [native-cdev]', 'designs: [mdev]')
    .replace('work_queue: copy', 'work_queue: copy\n    memory: { size: 256GiB, backing: 4KiB }')
    .concat('platform: { set: { lifecycle.bandwidth: 10MB/s } }\n', 'lifecycle: [{ do: migrate }]\n');

  it.each([
    ['run', ['--out', 'out']],
    ['a shard', ['--shard', '1/1', '--out', 'shards']],
  ])('is a mistake of the workload, with place and remedy: %s', async (_, more) => {
    const { folder, file } = workload(MIGRATION);
    const { code, stdout, stderr } = await dsasim(['run', file, '--quiet', ...more], { cwd: folder });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^error\[DSASIM_W126\]: lifecycle\[0\]: simulated time ends after 9007s, before migrate at mdev @ .* is over\n.*workload\.yaml:\d+:13\n/,
    );
    expect(stderr).toMatch(
      /\^+ let it be earlier or shorter: raise lifecycle\.bandwidth, or lower memory\.size\n$/,
    );
  });
});
