import { describe, expect, it } from 'vitest';
import type { Results } from '../../src/experiment/results.js';
import { html, trusted } from '../../src/report/markup.js';
import { overview } from '../../src/report/overview.js';
import { curvesSection } from '../../src/report/sections/curves.js';
import { visibleText } from './page-text.js';
import { sampleResults } from './sample-results.js';

/** The sample at several depths, with tenants that all get the same. */
function deeper(depths: readonly number[], tenants: readonly string[]): Results {
  const results = sampleResults({ designs: 1, sizes: 2 });
  const path = 'tenants.guest.load.closed.depth';
  if (depths.length > 1)
    results.sweep.push({ path, unit: '', values: depths.map(String), numbers: [...depths] });
  const [resources] = results.points[0]!.resources;
  results.points = depths.flatMap((depth) =>
    results.points.map((point) => ({
      ...point,
      key: `${point.key} ${depth}`,
      at: depths.length > 1 ? { ...point.at, [path]: String(depth) } : point.at,
      resources: tenants.map((tenant) => ({ ...resources!, tenant })),
      tenants: Object.fromEntries(tenants.map((tenant) => [tenant, point.metrics])),
    })),
  );
  return results;
}

async function note(results: Results): Promise<string> {
  // The axis of charts is the one with most values: the sizes, if there are two of them and no more of depths.
  const section = await curvesSection(overview(results), async () => trusted(''));
  return (
    visibleText(html`${section!.body}`.html)
      .match(/[^.>]*not drawn[^.]*\./)?.[0]
      .trim() ?? ''
  );
}

describe('the charts over a sweep', () => {
  it('say of which tenants and values there are no more of them', async () => {
    const tenants = (count: number) => Array.from({ length: count }, (_, i) => `tenant-${i}`);
    expect(await note(deeper([1], tenants(5)))).toBe('');
    expect(await note(deeper([1], tenants(6)))).toMatch(
      /1 more tenant is not drawn; the tables have the values\.$/,
    );
    expect(await note(deeper([1], tenants(7)))).toMatch(/2 more tenants are not drawn/);
    expect(await note(deeper([1, 2], tenants(3)))).toMatch(
      /2 more combinations of tenant and depth are not drawn/,
    );
    expect(await note(deeper([1, 2, 3, 4, 5, 6, 7, 8, 9], tenants(1)))).toBe('');
  });
});
