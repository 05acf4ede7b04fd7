/** A validation as a page: the answer, the table, measured against simulated, errors over size, every row. */
import { platformById } from '../experiment/validation/platforms.js';
import type { RowResult, Validation } from '../experiment/validation/validation.js';
import type { SiUnit } from '../workload/format.js';
import { agreementChart, errorChart, type ScatterValue } from './charts/scatter-chart.js';
import { html, type Markup } from './markup.js';
import { listing } from './names.js';
import { page } from './page.js';
import { type ChartRenderer, chartRenderer } from './render-chart.js';
import { designSwatch, figure, folded, legend, type Section, scrolling, slug } from './section.js';
import { boundsText, percent, significant } from './validation-text.js';

const CHART = { width: 480, height: 360 };
/** Rows in the table of the largest errors. */
const WORST_ROWS = 25;

/** Renders the page. The same validation gives the same bytes. */
export async function validationHtml(validation: Validation, version: string): Promise<string> {
  const draw = await chartRenderer();
  const { families, total, preset } = validation;
  const scored = families.reduce((sum, f) => sum + (f.score?.rows ?? 0), 0);
  return page({
    generator: { name: 'dsasim', version },
    kind: 'dsasim validation',
    heading: 'How far the model is from hardware',
    about: 'Numbers that others measured on Sapphire and Emerald Rapids, beside the same runs simulated.',
    facts: [
      `${total} measured rows`,
      `${scored} scored`,
      `${validation.excluded.length} left out`,
      `preset ${preset}`,
      `dsasim ${version}`,
    ],
    sections: [
      answer(validation),
      familyTable(validation),
      await agreement(validation, draw),
      await errors(validation, draw),
      worstRows(validation),
      everyRow(validation),
      excludedRows(validation),
    ],
    footer: `Simulated with dsasim ${version}; the measured numbers are other people's, with their sources in data/hardware.`,
  });
}

function answer({ families }: Validation): Section {
  const bounded = families.filter((f) => f.score !== null && f.family.medianBound !== null);
  const broken = bounded.filter((f) => !f.held);
  const text =
    broken.length === 0
      ? `All ${bounded.length} families with a bound keep it.`
      : `${bounded.length - broken.length} of ${bounded.length} families with a bound keep it; broken: ${broken.map((f) => f.family.title).join('; ')}.`;
  return {
    id: 'answer',
    title: 'The answer',
    short: 'Answer',
    body: html`<dl class="answer"><div><dt>Median and 90th percentile of the error, by family of rows</dt><dd>${text}</dd></div></dl><ul class="caveats">${reservations(families).map((sentence) => html`<li>${sentence}</li>`)}</ul>`,
  };
}

/** What the answer does not cover. */
function reservations(families: Validation['families']): string[] {
  const free = families.filter((f) => f.score !== null && f.family.medianBound === null);
  const told = free.map((f) => `${f.family.title} (median ${percent(f.score!.median)})`);
  return [
    'The constants of the model were chosen from these rows: they show how well it describes, not how well it predicts.',
    ...(told.length === 0 ? [] : [`Without a bound, and only printed: ${listing(told)}.`]),
    'Unvalidated, since no row measures them: control paths, exits and interrupts into guests, suspend and migration, several devices on one memory, remote and CXL memory.',
  ];
}

function familyTable({ families }: Validation): Section {
  const rows = families.map((f) => {
    const worst = f.score === null ? null : f.rows[f.score.worst]!;
    return html`<tr><th scope="row">${f.family.title}</th><td class="n" data-label="Rows" data-value="${f.rows.length}">${f.rows.length}</td><td class="n" data-label="Median" data-value="${f.score?.median ?? ''}">${f.score === null ? '–' : percent(f.score.median)}</td><td class="n" data-label="90th percentile" data-value="${f.score?.p90 ?? ''}">${f.score === null ? '–' : percent(f.score.p90)}</td><td data-label="Bounds">${boundsText(f)}</td><td class="n" data-label="Closed form" data-order="${f.roofline?.roofline.median ?? ''}">${f.roofline === null ? '–' : `${percent(f.roofline.roofline.median)} / ${percent(f.roofline.roofline.p90)}`}</td><td class="text" data-label="Worst row">${worst === null ? '–' : html`<span class="key">${worst.row.id}</span>`}</td></tr>`;
  });
  const head = ['Family', 'Rows', 'Median', 'p90', 'Bounds', 'Closed form', 'Worst row'];
  return {
    id: 'families',
    title: 'Error by family',
    body: html`<p>The error of a row is (simulated − measured) / measured; the table gives its size. The closed form is max(fixed, size / bandwidth + overhead), without queues.</p>${scrolling('Error by family', table(head, rows, 'sortable stack'))}`,
  };
}

/** A number in SI units, where its row has such. */
function inSi(row: RowResult['row'], value: number): { unit: SiUnit; value: number } | null {
  switch (row.unit) {
    case 'MiB/s':
      return { unit: 'B/s', value: value * 1048576 };
    case 'GiB/s':
      return { unit: 'B/s', value: value * 1073741824 };
    case 'Mops/s':
      return { unit: '1/s', value: value * 1e6 };
    case 'ns':
      return { unit: 's', value: value * 1e-9 };
    case 'TSC cycles': {
      const platform = row.id.includes('_cloud_') ? 'dsassassin-cloud' : 'dsassassin';
      return { unit: 's', value: value / platformById(platform).tscHz! };
    }
    default:
      return null;
  }
}

const QUANTITIES: readonly { unit: SiUnit; title: string }[] = [
  { unit: 'B/s', title: 'Throughput' },
  { unit: '1/s', title: 'Descriptors per second' },
  { unit: 's', title: 'Latency' },
];

async function agreement({ families }: Validation, draw: ChartRenderer): Promise<Section> {
  const figures: Markup[] = [];
  for (const { unit, title } of QUANTITIES) {
    const values = families.flatMap(({ rows }, series): ScatterValue[] =>
      rows.flatMap(({ row, pair }) => {
        const x = pair === null ? null : inSi(row, pair.measured);
        return x?.unit === unit ? [{ series, x: x.value, y: inSi(row, pair!.simulated)!.value }] : [];
      }),
    );
    if (values.length === 0) continue;
    const label = `${title} as measured (across) and simulated (up); the values are in the table of every row.`;
    figures.push(
      figure(
        slug('agreement', title),
        title,
        'measured across, simulated up',
        await draw(agreementChart(values, unit, CHART), label),
      ),
    );
  }
  return {
    id: 'agreement',
    title: 'Measured against simulated',
    body: html`${familyLegend(families)}<div class="charts">${figures}</div>`,
  };
}

async function errors({ families }: Validation, draw: ChartRenderer): Promise<Section> {
  const figures: Markup[] = [];
  for (const [series, { family, rows }] of families.entries()) {
    const values = rows.flatMap(({ row, pair, error }): ScatterValue[] => {
      const x = Number(row.size_bytes);
      return pair === null || !(x > 0) ? [] : [{ series, x, y: error }];
    });
    if (new Set(values.map((v) => v.x)).size < 2) continue;
    const spec = errorChart(values, { width: 380, height: 240 });
    const label = `Error over size: ${family.title}; the values are in the table of every row.`;
    const drawing = await draw(spec, label);
    figures.push(figure(slug('error', family.title), family.title, 'error over size', drawing));
  }
  return {
    id: 'errors',
    title: 'Errors over size',
    body: html`<p class="note">Errors beyond 40 % stand at the edge.</p><div class="charts small">${figures}</div>`,
  };
}

function familyLegend(families: Validation['families']): Markup {
  return legend(
    families.flatMap(({ family, rows }, series) =>
      rows.some(({ row, pair }) => pair !== null && inSi(row, 1) !== null)
        ? [{ swatch: designSwatch(series), text: family.title }]
        : [],
    ),
  );
}

function worstRows({ families }: Validation): Section {
  const all = families.filter((f) => f.score !== null).flatMap((f) => f.rows);
  const worst = [...all].sort((a, b) => Math.abs(b.error) - Math.abs(a.error)).slice(0, WORST_ROWS);
  return {
    id: 'worst',
    title: 'Largest errors',
    body: scrolling('Largest errors', table(ROW_HEAD, worst.map(rowMarkup), 'sortable stack')),
  };
}

function everyRow({ families }: Validation): Section {
  const tables = families.map(({ family, rows }) =>
    folded(family.title, scrolling(family.title, table(ROW_HEAD, rows.map(rowMarkup), 'sortable stack'))),
  );
  return { id: 'rows', title: 'Every row', body: html`${tables}` };
}

const ROW_HEAD = ['Row', 'Measured', 'Simulated', 'Unit', 'Error', 'Source'];

function rowMarkup({ row, pair, error, problem }: RowResult): Markup {
  const measured = pair === null ? row.value : significant(pair.measured);
  const simulated = pair === null ? problem || 'input' : significant(pair.simulated);
  const shown = pair === null && problem === '' ? '–' : percent(error);
  const order = pair === null ? Number(row.value) : pair.measured;
  return html`<tr><th scope="row">${row.id}</th><td class="n" data-label="Measured" data-order="${order}">${measured}</td><td class="n" data-label="Simulated" data-order="${pair?.simulated ?? ''}">${simulated}</td><td data-label="Unit">${row.unit}</td><td class="n" data-label="Error" data-value="${error}">${shown}</td><td data-label="Source">${row.source}</td></tr>`;
}

function excludedRows({ excluded }: Validation): Section {
  const rows = excluded.map(
    ({ row, reason }) => html`<tr><th scope="row">${row.id}</th><td>${reason}</td></tr>`,
  );
  return {
    id: 'left-out',
    title: 'Rows left out',
    body: scrolling('Rows left out', table(['Row', 'Reason'], rows)),
  };
}

/** A table that can be sorted where scripts run. */
function table(head: readonly string[], rows: readonly Markup[], looks = 'sortable'): Markup {
  return html`<table class="${looks}" border="1" cellpadding="4"><thead><tr>${head.map((h) => html`<th scope="col">${h}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}
