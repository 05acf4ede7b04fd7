import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Results } from '../../src/experiment/results.js';
import { renderHtml } from '../../src/report/html.js';
import { section, visibleText } from './page-text.js';
import { sampleResults } from './sample-results.js';

describe('the report of unusual documents', () => {
  afterEach(() => vi.restoreAllMocks());

  const check = async (results: Results): Promise<string> => {
    // Vega reports doubtful specifications on the console; there must be none.
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const page = await renderHtml(results);
    expect(warn.mock.calls).toEqual([]);
    expect(visibleText(page)).not.toMatch(/\b(NaN|undefined|null|Infinity|\[object)\b/);
    expect(page).not.toMatch(/="[^"]*(NaN|undefined)/);
    return page;
  };

  it('draws bars instead of curves without a sweep', async () => {
    const results = sampleResults({ sizes: 1 });
    const page = await check({
      ...results,
      sweep: [],
      points: results.points.map((p) => ({ ...p, at: {} })),
    });
    const charts = section(page, 'charts');
    for (const { id } of results.designs) expect(charts).toContain(`>${id}</text>`);
    expect(charts).not.toContain('by size');
  });

  it('tells what became of a lifecycle, and who refused what', async () => {
    const results = sampleResults();
    results.metrics.downtime = { unit: 's', better: 'lower', sentence: 'Downtime.' };
    for (const { design, lifecycle } of results.points) {
      const cannot = design === 'vfio-pci';
      lifecycle.push({
        action: 'migrate',
        tenant: 'guest',
        instance: 0,
        at: 0.001,
        outcome: cannot ? 'refused' : 'done',
        reason: cannot ? 'nobody reads its state' : '',
        metrics: cannot ? {} : { downtime: { mean: 0.0305, half_width: null, values: [0.0305] } },
        steps: cannot ? [] : [{ step: 'drain', reads: 3, writes: 2, trapped: 0, commands: 1, seconds: 1e-5 }],
      });
    }
    const text = visibleText(section(await check(results), 'lifecycle'));
    expect(text).toContain('migrate: guest 0');
    expect(text).toContain('refused: nobody reads its state');
    expect(text).toMatch(/30\.5\s*ms/);
    expect(text).toContain('drain');
  });

  it('says once, as a sentence, why a design is hypothetical', async () => {
    const results = sampleResults({ sizes: 1 });
    const [first, second] = results.designs;
    first!.reasons = ['no virtio device type offers copies'];
    first!.notices = ['No virtio device type offers copies; the guest memory must be shared.', 'Another.'];
    second!.reasons = ['no generation of DSA so far has virtual functions'];
    second!.notices = [];
    const notices = section(await check(results), 'designs');
    expect(notices.match(/no virtio device type offers copies/gi)).toHaveLength(1);
    expect(notices).toContain(
      '<li>No virtio device type offers copies; the guest memory must be shared.</li>',
    );
    expect(notices).toContain('<li>No generation of DSA so far has virtual functions.</li>');
  });

  it('draws bars over an axis of words', async () => {
    const results = sampleResults({ sizes: 2, designs: 1 });
    const axis = {
      path: 'devices[0].groups[0].work_queues[0].mode',
      unit: '',
      values: ['dedicated', 'shared'],
      numbers: [null, null],
    };
    results.points.forEach((point, i) => {
      point.at = { [axis.path]: axis.values[i]! };
    });
    const page = await check({ ...results, sweep: [axis] });
    expect(section(page, 'charts')).toContain('>dedicated</text>');
    // One design alone: places are the rows.
    expect(section(page, 'comparison')).toContain('<th scope="row">shared</th>');
  });

  describe('over time', () => {
    /** The designs of each legend over the charts of levels over time. */
    const legends = async (results: Results): Promise<string[][]> => {
      const charts = section(await check(results), 'over-time');
      return [...charts.matchAll(/<ul class="legend[^"]*">(.*?)<\/ul>/gs)].map(([, entries]) =>
        [...entries!.matchAll(/data-design="(\d+)"/g)].map(
          ([, design]) => results.designs[Number(design)]!.id,
        ),
      );
    };
    const all = ['native-cdev', 'mdev', 'vfio-user', 'vfio-pci'];

    it('has one legend where every place shows the same designs', async () => {
      expect(await legends(sampleResults())).toEqual([all]);
    });

    it('names no design that no chart shows', async () => {
      const results = sampleResults();
      const points = results.points.filter(({ design }) => design !== 'mdev');
      expect(await legends({ ...results, points })).toEqual([all.filter((id) => id !== 'mdev')]);
    });

    it('has a legend for each place where they show others', async () => {
      const results = sampleResults({ sizes: 2 });
      const [, second] = results.sweep[0]!.values;
      const points = results.points.filter(
        ({ design, at }) => design !== 'mdev' || Object.values(at)[0] !== second,
      );
      expect(await legends({ ...results, points })).toEqual([all, all.filter((id) => id !== 'mdev')]);
    });
  });

  it('draws a row of charts for every value of a second axis', async () => {
    const results = sampleResults({ sizes: 2, designs: 2 });
    const depth = { path: 'tenants.guest.depth', unit: '', values: ['8', '32'], numbers: [8, 32] };
    const page = await check({
      ...results,
      sweep: [...results.sweep, depth],
      points: results.points.flatMap((p) =>
        depth.values.map((d) => ({ ...p, key: `${p.key} ${d}`, at: { ...p.at, [depth.path]: d } })),
      ),
    });
    const headings = [...section(page, 'charts').matchAll(/<h3>([^<]*)/g)].map((m) => m[1]);
    expect(headings).toEqual(['depth 8', 'depth 32']);
    expect(section(page, 'charts').match(/<figure /g)).toHaveLength(2 * 3);
  });

  it('tells tenants apart', async () => {
    const results = sampleResults({ sizes: 2, designs: 2 });
    for (const point of results.points) {
      point.resources.push({ ...point.resources[0]!, tenant: 'background' });
      point.tenants.background = { throughput: { mean: 5e9, half_width: 0, values: [5e9] } };
    }
    const page = await check(results);
    expect(section(page, 'charts')).toContain('Tenant background');
    expect(visibleText(section(page, 'comparison'))).toContain('background 5 GB/s');
    expect(visibleText(section(page, 'answer'))).toContain('background gets 5 GB/s');
  });

  it('renders one replication, metrics without values and a document without points', async () => {
    await check(sampleResults({ replications: 1, sizes: 1, designs: 1 }));
    const empty = sampleResults({ sizes: 2 });
    for (const point of empty.points) {
      for (const name of Object.keys(point.metrics))
        point.metrics[name] = { mean: null, half_width: null, values: [] };
      point.percentiles = [];
      point.stages = [];
      point.control = [];
    }
    await check(empty);
    expect(await check({ ...sampleResults(), points: [], limits: [] })).toContain('Nothing was measured.');
  });

  it('names in a legend only what the charts beside it draw', async () => {
    const results = sampleResults({ sizes: 2 });
    for (const point of results.points.filter(({ design }) => design === 'vfio-user')) {
      point.percentiles = [];
      for (const metric of Object.values(point.metrics)) Object.assign(metric, { mean: null, values: [] });
    }
    const page = await check(results);
    for (const id of ['charts', 'percentiles']) {
      const legend = section(page, id).match(/<ul class="legend">.*?<\/ul>/s)![0];
      expect([...legend.matchAll(/<\/svg> ([\w-]+)<\/li>/g)].map((m) => m[1])).toEqual([
        'native-cdev',
        'mdev',
        'vfio-pci',
      ]);
    }
  });

  it('draws a sweep that was stopped before its last design, and zeros', async () => {
    const results = sampleResults({ sizes: 3 });
    results.points.pop();
    for (const point of results.points) {
      point.metrics.throughput = { mean: 0, half_width: 0, values: [0, 0, 0, 0, 0] };
      point.metrics.latency_p50 = point.metrics.throughput;
    }
    await check(results);
  });

  it('escapes every text of the document', async () => {
    const evil = `</script><img src=x onerror="alert('1')">&`;
    const results = sampleResults({ sizes: 1, designs: 2 });
    results.workload = {
      ...results.workload,
      name: evil,
      description: evil,
      command: evil,
      file: evil,
      preset: evil,
    };
    results.designs[0] = {
      ...results.designs[0]!,
      id: evil,
      summary: evil,
      notices: [evil],
      reasons: [evil],
      sources: [evil],
      code: [{ lines: 1, what: evil, runs_in: evil, source: evil }],
    };
    for (const point of results.points.slice(0, 1)) {
      point.design = evil;
      point.warnings = [evil];
      point.resources[0]!.tenant = evil;
      point.control[0]!.step = evil;
    }
    results.parameters[0] = {
      ...results.parameters[0]!,
      name: evil,
      sentence: evil,
      source: evil,
      trust: evil,
    };
    results.warnings = [evil];
    results.limits = [{ text: evil, point: evil, value: 1, held: false }];
    const page = await renderHtml(results);
    expect(page).not.toContain('<img');
    // The page's own script, and the numbers of charts, each ended once.
    const opened = page.match(/<script\b/g)!.length;
    expect(page.match(/<\/script>/g)).toHaveLength(opened);
    expect(page.match(/<script>/g)).toHaveLength(1);
    expect(page).toContain('&lt;/script&gt;&lt;img src=x');
  });

  it('gives seventeen designs seventeen looks', async () => {
    const results = sampleResults({ sizes: 2 });
    for (let i = 4; i < 17; i++) {
      const id = `design-${i}`;
      results.designs.push({ ...results.designs[1]!, id });
      for (const point of results.points.filter((p) => p.design === 'mdev')) {
        results.points.push({ ...point, design: id, key: point.key.replace('mdev', id) });
      }
    }
    const page = await check(results);
    const legend = section(page, 'charts').match(/<ul class="legend">.*?<\/ul>/s)![0];
    const swatches = [...legend.matchAll(/<svg.*?<\/svg>/gs)].map((m) => m[0]);
    expect(swatches).toHaveLength(17);
    expect(new Set(swatches).size).toBe(17);
  });
});
