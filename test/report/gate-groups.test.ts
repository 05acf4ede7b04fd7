import { describe, expect, it } from 'vitest';
import { gateJunit } from '../../src/report/gate/junit.js';
import { gateMarkdown } from '../../src/report/gate/markdown.js';
import { gatePage } from '../../src/report/gate/page.js';
import { gateText } from '../../src/report/gate/text.js';
import { comparison, outcome, swept } from './sample-gate.js';

/** Each metric of each design once, the largest change first. */
const SUMMARY = [
  'boot_time of mdev at all 5 points: 200 µs → 400 µs (+100 % ± 0 %, tolerance 0 %)',
  'boot_time of vfio-user at all 5 points, most at size=256B: 200 µs → 300 µs (+50 % ± 0 %, tolerance 0 %)',
  'throughput of vfio-user @ size=4KiB: 30 GB/s → 29 GB/s (-3.33 % ± 0.333 %, tolerance 1 %); stage read +12 ns',
];

/** Where each of some texts begins, in their order. */
const places = (page: string, texts: readonly string[]): number[] => texts.map((text) => page.indexOf(text));

describe('many regressions', () => {
  const predictions = ['mdev is argued on the lists and never merged: such numbers are predictions.'];
  const judged = outcome(swept(), { predictions });
  const options = { version: '0.1.0', command: 'dsasim gate x' };

  it('are summed up by metric and design in the verdict of the page, notices apart from them', () => {
    const page = gatePage([{ outcome: judged, sides: null }], options);
    const list = (lines: readonly string[], of = '') =>
      `<ul${of}>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`;
    expect(page).toContain(`${list(SUMMARY)}${list(predictions, ' class="caveats"')}</dd>`);
  });

  it('are summed up below the verdict of the text, and in Markdown with notices in a list of their own', () => {
    expect(gateText([judged], false)).toContain(
      `\ngate failed: 20 compared, 9 unchanged, 11 regressed\n${SUMMARY.map((line) => `  ${line}\n`).join('')}mdev is`,
    );
    const text = gateMarkdown([judged]);
    expect(text).toContain(`11 regressed\n\n${SUMMARY.map((line) => `- ${line}\n`).join('')}\n| |`);
    expect(text).toContain(`|\n\nTo know:\n\n- ${predictions[0]}\n`);
  });

  it('of more metrics and designs than are named are counted', () => {
    const designs = Array.from({ length: 10 }, (_, i) => `design${i}`);
    const all = designs.flatMap((design, i) =>
      ['1KiB', '2KiB'].map((size) =>
        comparison('regressed', { design, point: `${design} @ a.size=${size}`, difference: -1e9 - i * 1e8 }),
      ),
    );
    const page = gatePage([{ outcome: outcome(all), sides: null }], options);
    expect(page).toContain('<li>and 4 more regressions, of 2 further pairs of metric and design</li></ul>');
    expect(page).toContain('<ul><li>throughput of design9 at all 2 points');
    const nine = gatePage([{ outcome: outcome(all.slice(2)), sides: null }], options);
    expect(nine).not.toContain('further pair');
    expect(nine).toContain('<li>throughput of design1 at all 2 points');
  });

  it('stand in the order of the sweep in every form', () => {
    const inSweep = ['256B', '1KiB', '4KiB', '16KiB', '1MiB'];
    const sides = { outcome: judged, sides: { baseline: {} as never, current: {} as never } };
    const withStages = (point: string) => [point, { stages: { read: 1e-6 } }] as const;
    const points = Object.fromEntries(swept().map(({ point }) => withStages(point)));
    sides.sides = { baseline: { points } as never, current: { points } as never };
    const shown = [
      [gatePage([sides], options), (size: string) => `>mdev @ size=${size}</th>`],
      [gatePage([sides], options), (size: string) => `<summary>mdev @ size=${size}</summary>`],
      [gateMarkdown([judged]), (size: string) => `| mdev @ size=${size} |`],
      [
        gateText([judged], false),
        (size: string) => `boot_time of mdev @ tenants.guest.operations.size=${size}:`,
      ],
      [
        gateJunit([judged]),
        (size: string) => `mdev @ tenants.guest.operations.size=${size}" name="boot_time"`,
      ],
    ] as const;
    for (const [text, line] of shown) {
      const found = places(text, inSweep.map(line));
      expect(found).not.toContain(-1);
      expect(found).toEqual([...found].sort((a, b) => a - b));
    }
  });

  it('are ordered by what a value of the sweep says, axis by axis and design by design', () => {
    const keys = [
      'b @ x.rate=2M/s, y.depth=1',
      'b @ x.rate=900K/s, y.depth=16',
      'b @ x.rate=900K/s, y.depth=8',
      'a @ x.mode=queue10',
      'a @ x.mode=queue9',
      'a @ x.delay=1ms',
      'a @ x.delay=900us',
    ];
    const text = gateText([outcome(keys.map((point) => comparison('within', { point })))], false);
    expect([...text.matchAll(/= throughput of (.*): 30/g)].map((match) => match[1])).toEqual([
      'b @ x.rate=900K/s, y.depth=8',
      'b @ x.rate=900K/s, y.depth=16',
      'b @ x.rate=2M/s, y.depth=1',
      'a @ x.delay=900us',
      'a @ x.delay=1ms',
      'a @ x.mode=queue9',
      'a @ x.mode=queue10',
    ]);
  });
});
