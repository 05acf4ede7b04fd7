import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BIN, dsasim, ROOT, temporaryFolder } from './dsasim.js';
import { workload } from './tiny.js';

/** All commands, as the help lists them. */
const COMMANDS = [
  'init',
  'run',
  'merge',
  'worker',
  'check',
  'gate',
  'compare',
  'report',
  'export',
  'list',
  'explain',
  'exec',
  'validate',
];
const packageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

describe('the command line', () => {
  it('has help with an example on every command, on standard output', async () => {
    for (const command of COMMANDS) {
      const { code, stdout, stderr } = await dsasim([command, '--help']);
      expect([code, stderr], command).toEqual([0, '']);
      expect(stdout, command).toMatch(new RegExp(`Examples?:\\n  \\$ dsasim ${command}[ \\n]`));
      // Examples stay in one line, so that they can be copied.
      for (const line of stdout.split('\n').filter((each) => !each.startsWith('  $ '))) {
        expect(line.length, `${command}: ${line}`).toBeLessThanOrEqual(80);
      }
    }
    const { code, stdout } = await dsasim(['--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Example:\n {2}\$ dsasim run /);
    const listed = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z]+) /gm)];
    expect(listed.map(([, command]) => command)).toEqual(COMMANDS);
  });

  it('is what package.json calls dsasim, and knows its version', async () => {
    expect(join(ROOT, packageJson.bin.dsasim)).toBe(BIN);
    expect(readFileSync(BIN, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node');
    expect((await dsasim(['--version'])).stdout).toBe(`${packageJson.version}\n`);
  });

  it('answers --help without loading schema, YAML, charts or workers', async () => {
    const traced = await promisify(execFile)(process.execPath, [BIN, '--help'], {
      env: { ...process.env, NODE_DEBUG: 'esm,module' },
    });
    expect(traced.stderr).toContain('commander');
    for (const heavy of ['zod', 'piscina', 'vega', 'simple-statistics', 'node_modules/yaml']) {
      expect(traced.stderr).not.toContain(heavy);
    }
  });

  it('exits 2 with a code and a hint on a wrong command line', async () => {
    const wrong: [string[], RegExp][] = [
      [[], /Usage: dsasim/],
      [['rnu'], /error\[DSASIM_C001\]: unknown command 'rnu'\n\(Did you mean run\?\)/],
      [
        ['run'],
        /error\[DSASIM_C001\]: missing required argument 'workload.yaml'\n {2}= see dsasim run --help/,
      ],
      [['run', 'x', '--wrokers', '2'], /unknown option '--wrokers'\n\(Did you mean --workers\?\)/],
      [['run', 'x', '--workers', '0'], /It must be a whole number from 1 to 1024/],
      [['run', 'x', '--worlds', '0'], /It must be a whole number from 1 to 10000/],
      [['run', 'x', '--replications', '1.5'], /It must be a whole number/],
      [['run', 'x', '--set', 'batch'], /Write path=value/],
      [['run', 'x', 'y'], /too many arguments/],
      [['gate', 'x'], /required option '--baseline <path>' not specified/],
      [['gate', 'x', '--baseline', 'b', '--tolerance', 'latency_p99=5'], /Write metric=percent/],
      [['list', 'colours'], /Allowed choices are designs, presets, operations, parameters, metrics/],
    ];
    for (const [args, expected] of wrong) {
      const { code, stdout, stderr } = await dsasim(args);
      expect([code, stdout], args.join(' ')).toEqual([2, '']);
      expect(stderr).toMatch(expected);
      expect(stderr).not.toMatch(/\n {4}at /);
    }
  });

  it('survives a reader that goes away, and still writes its files', async () => {
    const { folder, file } = workload();
    const { stdout, stderr } = await promisify(execFile)('bash', [
      '-c',
      'set -o pipefail; "$0" "$1" run "$2" --out "$3" --json | head -c 1 && echo " exit 0"',
      process.execPath,
      BIN,
      file,
      join(folder, 'out'),
    ]);
    expect(stdout).toBe('{ exit 0\n');
    expect(stderr).not.toContain('EPIPE');
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['report.html', 'results.json']);
    const listed = await promisify(execFile)('bash', [
      '-c',
      'set -o pipefail; "$0" "$1" list parameters | head -1 && echo "exit 0"',
      process.execPath,
      BIN,
    ]);
    expect(listed.stdout).toMatch(/exit 0\n$/);
  });

  it('exits 4 when standard output is full', async () => {
    const { stderr, code } = await new Promise<{ stderr: string; code: number | null }>((resolve) => {
      const child = spawn('bash', ['-c', '"$0" "$1" list parameters > /dev/full', process.execPath, BIN]);
      let text = '';
      child.stderr.on('data', (chunk) => {
        text += chunk;
      });
      child.on('close', (exit) => resolve({ stderr: text, code: exit }));
    });
    expect(stderr).toContain('error[DSASIM_E004]: cannot write to standard output');
    expect(code).toBe(4);
  });
});

describe('dsasim list', () => {
  it('lists every topic for people and as one JSON document', async () => {
    for (const topic of ['designs', 'presets', 'operations', 'parameters', 'metrics']) {
      const text = await dsasim(['list', topic]);
      const json = await dsasim(['list', topic, '--json']);
      expect([text.code, json.code, text.stderr, json.stderr], topic).toEqual([0, 0, '', '']);
      const list = JSON.parse(json.stdout);
      expect(list).toMatchObject({ schema_version: 1, kind: 'list', of: topic });
      expect(list.items.length, topic).toBeGreaterThan(0);
      for (const { name, id } of list.items) expect(text.stdout, topic).toContain(name ?? id);
    }
  });

  it('gives constants in SI', async () => {
    const { items } = JSON.parse((await dsasim(['list', 'parameters', '--json'])).stdout);
    const enqcmd = items.find((p: { name: string }) => p.name === 'host.enqcmd');
    expect(enqcmd.unit).toBe('s');
    expect(enqcmd.nominal).toBeGreaterThan(1e-8);
    expect(enqcmd.nominal).toBeLessThan(1e-5);
  });
});

describe('dsasim check', () => {
  it('prints every value with where it comes from, and how much there is to simulate', async () => {
    const { file } = workload();
    const { code, stdout } = await dsasim(['check', file, '--set', 'tenants.process.threads=2']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tenants\[0\]\.threads +2 +--set$/m);
    expect(stdout).toMatch(/^measure\.duration +200us +.*workload\.yaml:13$/m);
    expect(stdout).toMatch(/^tenants\[0\]\.completion +poll +default$/m);
    expect(stdout).toMatch(/tiny is valid: 2 points of 1 design, 3 replications each, 6 simulations\n$/);
  });

  it('gives the same as one JSON document', async () => {
    const { file } = workload();
    const document = JSON.parse((await dsasim(['check', file, '--json'])).stdout);
    expect(document).toMatchObject({ schema_version: 1, kind: 'check', workload: 'tiny', replications: 3 });
    expect(document.points.length).toBe(2);
    expect(document.values).toContainEqual({ path: 'tenants[0].batch', value: '1', origin: 'default' });
  });
});

describe('dsasim report', () => {
  it('makes the page of a result again, the same as run made it', async () => {
    const { folder, file } = workload();
    const out = join(folder, 'out');
    await dsasim(['run', file, '--out', out, '--quiet']);
    const again = join(folder, 'again.html');
    const { code, stderr } = await dsasim(['report', join(out, 'results.json'), '--out', again]);
    expect([code, stderr]).toEqual([0, `wrote ${again}\n`]);
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(join(out, 'report.html'), 'utf8'));
  });

  it('exits 2 on what is no result document, and writes nothing', async () => {
    const folder = temporaryFolder();
    const cases: [string, string][] = [
      ['{ "schema_version": 1, "kind": "run", "gen', 'DSASIM_D002'],
      ['name: tiny', 'DSASIM_D003'],
      ['{}', 'DSASIM_D004'],
      ['{ "schema_version": 7, "kind": "run" }', 'DSASIM_D005'],
      ['{ "schema_version": 2, "kind": "run" }', 'DSASIM_D006'],
    ];
    for (const [text, expected] of cases) {
      const path = join(folder, 'results.json');
      writeFileSync(path, text);
      const { code, stderr } = await dsasim(['report', path]);
      expect(code, text).toBe(2);
      expect(stderr, text).toContain(`error[${expected}]`);
      expect(readdirSync(folder)).toEqual(['results.json']);
    }
    expect((await dsasim(['report', join(folder, 'missing.json')])).stderr).toContain('error[DSASIM_D001]');
  });
});
