/** The steps of a lifecycle: told apart in one event, and the same in all events of a page. */
import { expect, test } from 'vitest';
import { overview } from '../../src/report/overview.js';
import { chartRenderer } from '../../src/report/render-chart.js';
import { lifecycleSection } from '../../src/report/sections/lifecycle.js';
import { sampleResults } from './sample-results.js';

/** The section where the first event has some steps and the second others. */
async function drawn(...events: string[][]): Promise<string> {
  const results = sampleResults({ sizes: 1, designs: 2 });
  for (const point of results.points) {
    point.lifecycle = events.map((names, i) => ({
      action: ['suspend', 'resume'][i]!,
      tenant: 'guest',
      instance: 0,
      at: 0.001 * (i + 1),
      outcome: 'done',
      reason: '',
      metrics: {},
      steps: names.map((step) => ({ step, reads: 0, writes: 0, trapped: 0, commands: 0, seconds: 1e-3 })),
    }));
  }
  return (await lifecycleSection(overview(results), await chartRenderer()))!.body.html;
}

/** What stands before each name in the legend of an event. */
const swatches = (page: string, event: number) =>
  new Map(
    [...page.match(/<ul class="legend">.*?<\/ul>/gs)![event]!.matchAll(/<li>(<svg.*?<\/svg>) ([^<]*)/gs)].map(
      ([, swatch, name]) => [name!, swatch!],
    ),
  );

test('thirty steps of an event have thirty looks, in the legend and in the bars', async () => {
  const names = Array.from({ length: 30 }, (_, i) => `step ${i}`);
  const page = await drawn(names);
  expect(new Set(swatches(page, 0).values()).size).toBe(30);
  const looks = names.map((name) => {
    const marks = [...page.matchAll(/<path ([^>]*)><title>native-cdev, (step \d+): /g)];
    const own = marks.filter(([, , step]) => step === name).map(([, attributes]) => attributes!);
    return own
      .map((attributes) => {
        const height = /[vV](\d+(?:\.\d+)?)/.exec(attributes)?.[1];
        return `${/fill="([^"]*)"/.exec(attributes)![1]} ${height}`;
      })
      .join();
  });
  expect(new Set(looks).size).toBe(30);
});

test('a step has one look on the whole page, and no other step has it', async () => {
  const page = await drawn(['drain', 'save state'], ['load state', 'drain']);
  expect(swatches(page, 0).get('drain')).toBe(swatches(page, 1).get('drain'));
  const all = new Map([...swatches(page, 0), ...swatches(page, 1)]);
  expect([...all.keys()]).toEqual(['drain', 'save state', 'load state']);
  expect(new Set(all.values()).size).toBe(3);
});
