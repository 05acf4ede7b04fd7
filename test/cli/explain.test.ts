import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explain, explanations } from '../../src/cli/explanations.js';
import { ACTIONS } from '../../src/models/lifecycle/events.js';
import { METRICS, STAGES } from '../../src/models/metrics.js';
import { PARAMETERS } from '../../src/models/parameters.js';
import { DESIGNS } from '../../src/models/virtualization/designs.js';
import { CODES } from '../../src/workload/codes.js';
import { dsasim, ROOT } from './dsasim.js';

/** Every code that the source mentions; exits would go unexplained if a table lacked one. */
function codesInSource(): string[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const found = files.flatMap((file) => {
    const text = readFileSync(join(ROOT, 'src', file), 'utf8');
    return text.match(/DSASIM_(?:[A-Z]\d{3}\w*|MEMORY_LIMIT)/g) ?? [];
  });
  return [...new Set(found)].sort();
}

describe('explanations', () => {
  it('cover every error code that the source mentions, and every code of every table', () => {
    const codes = [...codesInSource(), ...Object.keys(CODES).map((code) => `DSASIM_${code}`)];
    expect(codes.length).toBeGreaterThan(100);
    for (const code of codes) {
      const [entry, ...more] = explain(code);
      expect([code, entry?.kind, more]).toEqual([code, 'code', []]);
      expect(entry!.sentence.length, code).toBeGreaterThan(10);
      const labels = entry!.facts.map(([label]) => label);
      expect(labels, code).toEqual(['What to do', 'Exit code']);
    }
  });

  it('cover every parameter, metric, stage and design, with the words of their declarations', () => {
    for (const { name, sentence, source } of PARAMETERS) {
      const [entry] = explain(name);
      expect([entry!.kind, entry!.sentence]).toEqual(['parameter', sentence]);
      expect(entry!.facts).toContainEqual(['Source', source]);
    }
    for (const { name, sentence } of METRICS) {
      expect(explain(name).find(({ kind }) => kind === 'metric')!.sentence).toBe(sentence);
    }
    // With virtio nothing traps, and the stage is long all the same.
    expect(explain('trap')[0]!.sentence).toMatch(/trapped portal write.*virtio.*host thread/);
    for (const stage of STAGES) expect(explain(stage).some(({ kind }) => kind === 'stage')).toBe(true);
    for (const action of ACTIONS) expect(explain(action).some(({ kind }) => kind === 'event')).toBe(true);
    for (const { id } of DESIGNS) expect(explain(id).some(({ kind }) => kind === 'design')).toBe(true);
  });

  it('take a design apart: each access with its parts, the submission, the interrupt and its vector, the code', () => {
    const facts = (id: string) =>
      Object.fromEntries(explain(id).find(({ kind }) => kind === 'design')!.facts);
    expect(facts('mdev')).toMatchObject({
      'Register read':
        '4.02 µs, trapped: exit_round_trip 600 ns + decode 450 ns + user_exit 2.6 µs + 1 × syscall 166 ns + 1 × kernel_handler 200 ns',
      Submission: 'by the thread itself',
      Interrupt: '350 ns to one that runs, 6 µs to one that sleeps, handler 194 ns',
      'Completion vector': 'an entry of the interrupt message store',
    });
    expect(facts('mdev').Code).toMatch(/^2086 lines in the kernel/);
    expect(facts('vfio-user')['Completion vector']).toContain('MSI-X');
    expect(facts('native-cdev')['Register write']).toBe('100 ns: mmio_write 100 ns');
    expect(facts('trap-all').Submission).toMatch(/1 exits$/);
    expect(facts('native-cdev').Interrupt).toBeUndefined();
  });

  it('have no two things of one kind and name, and no empty text', () => {
    const all = explanations();
    const names = all.map(({ kind, name }) => `${kind} ${name}`);
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    for (const { name, sentence, facts } of all) {
      expect(sentence, name).not.toBe('');
      for (const [label, text] of facts) {
        expect(text, `${name} ${label}`).not.toBe('');
        expect(text).not.toMatch(/undefined|NaN|\{\w+\}/);
      }
    }
  });

  it('are found by the path in a workload and by a code with or without its prefix, in any case', () => {
    expect(explain('platform.set.host.enqcmd')).toEqual(explain('host.enqcmd'));
    expect(explain('tenants.guest.latency_p99')).toEqual(explain('latency_p99'));
    expect(explain('w012')).toEqual(explain('DSASIM_W012'));
    expect(explain('S007').map(({ name }) => name)).toEqual(['DSASIM_S007_NESTED_RUN']);
  });
});

describe('dsasim explain', () => {
  it('takes the kind of a thing before its name', async () => {
    const [plain, kind, other] = await Promise.all(
      [['mdev'], ['design', 'mdev'], ['metric', 'mdev']].map((words) => dsasim(['explain', ...words])),
    );
    expect(kind!.stdout).toBe(plain!.stdout);
    expect(kind!.stdout).toContain('Register read');
    expect(other!.code).toBe(2);
    expect(other!.stderr).toContain('nothing is called "mdev"');
  });

  it('prints what something is, and how to set it', async () => {
    const { code, stdout, stderr } = await dsasim(['explain', 'engine.bandwidth']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^engine\.bandwidth {2}parameter\n.+\n {2}Value .* GB\/s, between /);
    expect(stdout).toContain('--set platform.set.engine.bandwidth=');
    expect(stdout.split('\n').filter((line) => line.length > 110)).toEqual([]);
  });

  it('sets what it says can be set', async () => {
    for (const { name, facts } of explanations()
      .filter(({ kind }) => kind === 'parameter')
      .slice(0, 12)) {
      const setting = facts.find(([label]) => label === 'Set it')![1].replace('--set ', '');
      const { code, stderr } = await dsasim([
        'check',
        'workloads/quickstart.yaml',
        '--quiet',
        '--set',
        setting,
      ]);
      expect([name, code, stderr]).toEqual([name, 0, '']);
    }
  });

  it('prints one JSON document', async () => {
    const { stdout } = await dsasim(['explain', 'W012', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      schema_version: 1,
      kind: 'explanation',
      items: [{ kind: 'code', name: 'DSASIM_W012' }],
    });
  });

  it('says what was probably meant, and exits 2', async () => {
    for (const [asked, meant] of [
      ['engine.bandwith', 'engine.bandwidth'],
      ['latency_p98', 'latency_p9'],
      ['vfio-usr', 'vfio-user'],
      ['W912', 'W012'],
    ] as const) {
      const { code, stdout, stderr } = await dsasim(['explain', asked]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(new RegExp(`nothing is called "${asked}"\\n {2}= did you mean ${meant}`));
    }
    expect((await dsasim(['explain', 'zzzzzz'])).stderr).toContain('see dsasim list');
  });
});
