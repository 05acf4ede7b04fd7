import { describe, expect, it } from 'vitest';
import type { Results } from '../../src/experiment/results.js';
import { resultsSchema } from '../../src/experiment/results.js';
import { answerSentences } from '../../src/report/answer.js';
import { sampleResults } from './sample-results.js';

/** Replaces a metric of every point of a design by a factor of what another design has. */
function scale(results: Results, design: string, like: string, metric: string, factor: number): void {
  for (const point of results.points.filter((p) => p.design === design)) {
    const model = results.points.find(
      (p) => p.design === like && JSON.stringify(p.at) === JSON.stringify(point.at),
    )!.metrics[metric]!;
    point.metrics[metric] = {
      mean: model.mean! * factor,
      half_width: model.half_width! * factor,
      values: model.values.map((v) => v! * factor),
    };
  }
}

describe('the sample document', () => {
  it('has the shape of a result document, and its descriptors are all accounted for', () => {
    const results = sampleResults();
    expect(resultsSchema.parse(results)).toEqual(results);
    for (const { conservation: c } of results.points) {
      expect(c.submitted).toBe(c.completed + c.failed + c.rejected + c.in_flight);
    }
  });
});

describe('the answer', () => {
  it('reads like this for the design comparison', () => {
    expect(answerSentences(sampleResults())).toMatchInlineSnapshot(`
      [
        "Throughput, equal resources: native-cdev leads from 64 B to 1 KiB, ahead of mdev by 1.3–4.4 % and of vfio-user by up to 47 %; native-cdev and mdev lead together at 4 KiB, ahead of vfio-user by 3.4 %; native-cdev, mdev and vfio-user are all level within 1 % from 16 KiB up.",
        "P99 latency, equal resources: native-cdev leads from 64 B to 1 KiB, ahead of mdev by 1–4.3 % and of vfio-user by up to 44 %; native-cdev and mdev lead together at 4 KiB and 16 KiB, ahead of vfio-user by 1.3–3.6 %; native-cdev, mdev and vfio-user are all level within 1 % from 64 KiB up.",
        "Throughput per device: native-cdev leads from 64 B to 1 KiB, ahead of mdev by 1.3–4.4 % and of vfio-pci by up to a factor of 3.7; native-cdev and mdev lead together at 4 KiB, ahead of vfio-pci by 2.6 % and of vfio-user by 3.4 %; native-cdev, mdev, vfio-user and vfio-pci are all level within 1 % from 16 KiB up (vfio-pci used 4 devices where others used 1, so nothing else ranks them together).",
        "Starting an instance: 2.16 ms with native-cdev to 131 ms with vfio-pci; of it the guest's own boot 180 µs (vfio-pci, 38 trapped accesses) to 3.15 ms (vfio-user, 214 trapped accesses).",
        "1 limit of the workload is broken: latency_p99 < 60us.",
        "mdev is argued on the lists and never merged; vfio-user is only partly shipped: such numbers are predictions.",
        "No measured row checks several devices on the memory of a socket: such numbers are unvalidated.",
        "Of 6 constants, 1 assumed and 1 recalled: a close call may turn with them.",
      ]
    `);
  });

  it('says in plain words that designs are level', () => {
    const results = sampleResults({ designs: 2 });
    scale(results, 'mdev', 'native-cdev', 'throughput', 1.002);
    expect(answerSentences(results)[0]).toBe(
      'Throughput: native-cdev and mdev are level within 1 % at every size.',
    );
  });

  it('follows the numbers: the design that is made faster is the one that leads, and by that much', () => {
    const results = sampleResults({ designs: 2 });
    scale(results, 'mdev', 'native-cdev', 'throughput', 1.25);
    expect(answerSentences(results)[0]).toContain('mdev leads at every size, ahead of native-cdev by 25 %');
    scale(results, 'mdev', 'native-cdev', 'throughput', 3);
    expect(answerSentences(results)[0]).toContain(
      'mdev leads at every size, ahead of native-cdev by a factor of 3',
    );
    scale(results, 'mdev', 'native-cdev', 'latency_p99', 0.5);
    expect(answerSentences(results)[1]).toMatch(/^P99 latency: mdev leads at every size/);
  });

  it('ranks unequal resources per device only', () => {
    const results = sampleResults({ sizes: 1 });
    scale(results, 'vfio-pci', 'native-cdev', 'throughput', 4 * 1.5);
    const [first, , third] = answerSentences(results);
    expect(first).not.toContain('vfio-pci');
    expect(first).toMatch(/^Throughput, equal resources: /);
    expect(third).toMatch(
      /^Throughput per device: vfio-pci leads at every size, ahead of native-cdev by 50 %/,
    );
    expect(third).toContain('vfio-pci used 4 devices where others used 1');
  });

  it('calls a difference that luck can explain no significant difference', () => {
    const results = sampleResults({ designs: 2, sizes: 1 });
    const [a, b] = results.points;
    a!.metrics.throughput = { mean: 100, half_width: 20, values: [80, 120, 100, 110, 90] };
    b!.metrics.throughput = { mean: 95, half_width: 20, values: [110, 70, 105, 85, 105] };
    expect(answerSentences(results)[0]).toContain('are level, without a significant difference,');
  });

  it('names the nearest first, and never as ahead by what counts as level', () => {
    const results = sampleResults({ sizes: 1 });
    // In front are the two first ones, of which the second is the better. The third is 1.5 % behind it, the last 3 %.
    [99.3, 100, 97, 98.5].forEach((level, i) => {
      const values = [level, level, level, level, level];
      results.points[i]!.devices = 1;
      results.points[i]!.resources = results.points[0]!.resources;
      results.points[i]!.metrics.throughput = { mean: level, half_width: 0, values };
    });
    expect(answerSentences(results)[0]).toBe(
      'Throughput: native-cdev and mdev lead together at every size, ahead of vfio-pci by 1.5 % and of vfio-user by 3.1 %.',
    );
  });

  it('names nobody as level who has no value, and does not say the same twice', () => {
    const results = sampleResults({ sizes: 2 });
    const none = { mean: null, half_width: null, values: [null, null, null, null, null] };
    for (const point of results.points) {
      // All have one device; what the second size is given differs from the first, but not by design.
      const { resources } = results.points[0]!;
      const entries = point.at[results.sweep[0]!.path] === '64B' ? 32 : 16;
      point.devices = 1;
      point.resources = [{ ...resources[0]!, entries_per_instance: entries }];
      const { throughput, latency_p99 } = results.points[0]!.metrics;
      const without = point.design === 'vfio-user';
      point.metrics = {
        ...point.metrics,
        throughput: throughput!,
        latency_p99: without ? none : latency_p99!,
      };
    }
    const said = answerSentences(results).filter((sentence) => /^(Throughput|P99)/.test(sentence));
    expect(said).toEqual([
      'Throughput, equal resources: native-cdev, mdev, vfio-user and vfio-pci are all the same at every size.',
      'P99 latency, equal resources: native-cdev, mdev and vfio-pci are all the same at every size.',
    ]);
  });

  it('begins a range in percent that ends in a factor, where a factor would not tell', () => {
    const results = sampleResults({ designs: 2, sizes: 2 });
    scale(results, 'mdev', 'native-cdev', 'throughput', 1.034);
    const level = (value: number) => ({ mean: value, half_width: 0, values: [value, value, value] });
    results.points[1]!.metrics.throughput = level(310);
    results.points[0]!.metrics.throughput = level(100);
    expect(answerSentences(results)[0]).toContain('ahead of native-cdev by 3.4 % to a factor of 3.1');
  });

  it('ranks no value that may not be believed, and says which it left out', () => {
    const results = sampleResults({ designs: 3, sizes: 2 });
    const [best, second] = results.points;
    scale(results, 'native-cdev', 'mdev', 'throughput', 2);
    scale(results, 'vfio-user', 'mdev', 'throughput', 0.5);
    best!.verdicts.throughput = 'not stationary';
    expect(answerSentences(results)[0]).toBe(
      'Throughput: mdev leads at 64 B, ahead of vfio-user by a factor of 2; native-cdev leads at 256 B, ahead of mdev by a factor of 2 and of vfio-user by a factor of 4; not counted: native-cdev at 64 B (not stationary).',
    );
    for (const point of results.points) point.verdicts.throughput = 'not stationary';
    expect(answerSentences(results)[0]).toBe(
      'Throughput: nothing to compare; not counted: 6 values (not stationary).',
    );
    // Of a single replication that is true of all, and said once.
    results.measure.replications = 1;
    for (const point of results.points) point.verdicts.throughput = 'too few samples';
    expect(answerSentences(results)[0]).toMatch(/^Throughput: native-cdev leads .+ a factor of 4\.$/);
    expect(second!.design).toBe('mdev');
  });

  it('gathers a sweep of several axes by who leads, and counts what is left of many outcomes', () => {
    const results = sampleResults({ designs: 3 });
    const [size] = results.sweep;
    const depth = { path: 'tenants.guest.load.closed.depth', unit: '', values: ['1', '8'], numbers: [1, 8] };
    results.sweep = [size!, depth];
    const level = (value: number) => ({ mean: value, half_width: 0, values: [value, value, value] });
    // Who leads is a matter of the depth, but at the largest size.
    results.points = size!.values.flatMap((text, s) =>
      depth.values.flatMap((d) =>
        results.points.slice(0, 3).map((point, i) => {
          const first = s === 7 ? 2 : d === '1' ? 0 : 1;
          const at = { [size!.path]: text, [depth.path]: d };
          const metrics = { ...point.metrics, throughput: level(i === first ? 15 + s : 10 - i) };
          return { ...point, key: `${point.design} ${s} ${d}`, at, metrics };
        }),
      ),
    );
    expect(answerSentences(results)[0]).toBe(
      'Throughput: native-cdev leads at 7 of 16 points, all with depth 1, ahead of mdev by a factor of 1.7–2.3 and of vfio-user by up to a factor of 2.6; mdev leads at 7 of 16 points, all with depth 8, ahead of native-cdev by a factor of 1.5–2.1 and of vfio-user by up to a factor of 2.6; vfio-user leads at size 1 MiB, depth 1 and 8, ahead of native-cdev by a factor of 2.2 and of mdev by up to a factor of 2.4.',
    );
    const sets = [[0], [1], [2], [0, 1], [0, 2], [1, 2]];
    results.points.forEach((point, i) => {
      const inFront = sets[Math.floor(i / 3) % sets.length]!.includes(i % 3);
      point.metrics = { ...point.metrics, throughput: level(inFront ? 20 : 10) };
    });
    const [said] = answerSentences(results);
    expect(said!.split('; ')).toHaveLength(6);
    expect(said).toMatch(/; other leaders at 2 of 16 points\.$/);
  });

  it('warns of one replication, lost descriptors, warnings and designs that nobody can run', () => {
    const results = sampleResults({ replications: 1 });
    results.points[0]!.conservation.failed = 3;
    results.warnings.push('a warning');
    results.designs[2]!.validity = 'hypothetical';
    const text = answerSentences(results).join('\n');
    expect(text).toContain('There is one replication only');
    expect(text).toContain('3 descriptors failed and 0 were rejected.');
    expect(text).toContain('1 warning: see the notices.');
    expect(text).toContain('mdev is argued on the lists and never merged; vfio-user is hypothetical');
  });

  it('says of each event of a lifecycle who was quickest, what was lost and who could not', () => {
    const results = sampleResults();
    const mean = (value: number) => ({ mean: value, half_width: null, values: [value] });
    results.points.forEach(({ design, lifecycle }, i) => {
      const cannot = design === 'native-cdev';
      lifecycle.push({
        action: 'migrate',
        tenant: 'guest',
        instance: 1,
        at: 0.001,
        outcome: cannot ? 'refused' : 'done',
        reason: cannot ? 'it stays' : '',
        metrics: cannot ? {} : { downtime: mean(0.01 + i * 1e-3), descriptors_aborted: mean(i) },
        steps: [],
      });
    });
    const found = answerSentences(results).find((sentence) => sentence.startsWith('Migrate guest 1'));
    const last = results.points.length - 1;
    const expected = [
      'Migrate guest 1: downtime 11 ms with mdev at 64 B to ',
      `${10 + last} ms with ${results.points[last]!.design} at 1 MiB`,
      `; up to ${last} descriptors aborted or rejected (${results.points[last]!.design} at 1 MiB)`,
      '; refused by native-cdev: it stays.',
    ];
    expect(found).toBe(expected.join(''));
  });

  it('says a time of a lifecycle once when it is the same everywhere, and names the one place of both ends', () => {
    const said = (...downtimes: number[]) => {
      const results = sampleResults({ sizes: 2, designs: 2 });
      results.points.forEach(({ lifecycle }, i) => {
        const [time = 0] = downtimes.slice(i);
        const metrics = time === 0 ? {} : { downtime: { mean: time, half_width: null, values: [time] } };
        const event = { action: 'migrate', tenant: 'guest', instance: 0, at: 0, reason: '', steps: [] };
        lifecycle.push({ ...event, outcome: 'done', metrics });
      });
      return answerSentences(results).find((sentence) => sentence.startsWith('Migrate guest'));
    };
    expect(said(1e-3, 1e-3, 1e-3, 1e-3)).toBe('Migrate guest: downtime 1 ms with native-cdev and mdev.');
    expect(said(0, 0, 2e-3, 1e-3)).toBe(
      'Migrate guest: downtime 1 ms with mdev to 2 ms with native-cdev at 256 B.',
    );
  });

  it('says once what starting takes with all designs, and speaks of guests only where there are any', () => {
    const started = (boots: number[], guests: string[]) => {
      const results = sampleResults({ sizes: 1, designs: boots.length });
      results.points.forEach(({ metrics }, i) => {
        const [total, boot] = [14e-3, boots[i]!];
        metrics.provision_time = { mean: total - boot, half_width: 0, values: [total - boot] };
        metrics.boot_time = { mean: boot, half_width: 0, values: [boot] };
        metrics.trapped_accesses = { mean: 58, half_width: 0, values: [58] };
        results.designs[i]!.axes = { ...results.designs[i]!.axes, guest: guests[i]! };
      });
      return answerSentences(results).find((sentence) => sentence.startsWith('Starting'));
    };
    const all = 'Starting an instance: 14 ms with each design';
    expect(started([258e-6, 258e-6], ['vm', 'vm'])).toBe(
      `${all}; of it the guest's own boot 258 µs (58 trapped accesses).`,
    );
    expect(started([0, 258e-6], ['process', 'vm'])).toBe(
      `${all}; of it the guest's own boot 258 µs (mdev, 58 trapped accesses).`,
    );
    expect(started([0, 1e-6], ['process', 'process'])).toBe(`${all}.`);
  });

  it('names most of many designs by those that are left, among them those without a value', () => {
    const results = sampleResults({ sizes: 1, designs: 2 });
    for (let i = 2; i < 10; i++) {
      const id = `design-${i}`;
      results.designs.push({ ...results.designs[1]!, id });
      for (const point of results.points.filter((p) => p.design === 'mdev')) {
        results.points.push({ ...point, design: id, key: point.key.replace('mdev', id) });
      }
    }
    const last = results.points.at(-1)!;
    const none = { mean: null, half_width: null, values: [null] };
    last.metrics = { ...last.metrics, latency_p99: none };
    // The first design is a little slower than all the others.
    for (const metric of ['throughput', 'latency_p99']) {
      const { metrics } = results.points[0]!;
      const factor = metric === 'throughput' ? 0.5 : 2;
      const values = results.points[1]!.metrics[metric]!.values.map((value) => value! * factor);
      metrics[metric] = { mean: values.reduce((a, b) => a + b, 0) / values.length, half_width: 0, values };
    }
    const said = answerSentences(results);
    expect(said[0]).toMatch(/^Throughput: all but native-cdev lead together/);
    expect(said[1]).toMatch(/^P99 latency: all but native-cdev and design-9 lead together/);
  });

  it('describes a single design by what the sweep does to it', () => {
    expect(answerSentences(sampleResults({ designs: 1 })).slice(0, 2)).toEqual([
      'Throughput: native-cdev moves 4.47 GB/s to 31.4 GB/s, highest at 256 KiB (7.02 times that at 64 B).',
      'P99 latency: 1.31 µs to 2.91 ms.',
    ]);
  });

  it('is the same when the keys of the document come in another order', () => {
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([k, v]) => [k, sorted(v)]),
            )
          : value;
    const results = sampleResults();
    expect(answerSentences(sorted(results) as Results)).toEqual(answerSentences(results));
  });

  it('survives a document without points', () => {
    expect(answerSentences({ ...sampleResults(), points: [] })).toEqual(['Nothing was measured.']);
  });
});
