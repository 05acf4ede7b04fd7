/** The page of a gate: baseline and run side by side. */
import type { Baseline } from '../../experiment/baseline.js';
import type { GateComparison } from '../../experiment/gate.js';
import { type GateSides, overall } from '../../experiment/gate-outcome.js';
import { formatQuantity } from '../../workload/format.js';
import { html, type Markup } from '../markup.js';
import { counted } from '../names.js';
import { siUnit } from '../overview.js';
import { page } from '../page.js';
import { folded, type Section, scrolling } from '../section.js';
import { inOrder, placesInOrder, regressionTexts, worstFirst } from './groups.js';
import { intervalDrawing } from './interval-drawing.js';
import {
  changeShare,
  limitText,
  movedText,
  remarks,
  settingText,
  shareText,
  shortPoints,
  verdictText,
} from './words.js';

/** What stands around the comparison. */
export interface GatePageOptions {
  version: string;
  /** The command that makes the page again. */
  command: string;
}

/** Points whose stages are listed, regressions first; of those that are left the number is given. */
const STAGE_TABLES = 24;

/** The whole file, newline at the end. */
export function gatePage(judged: readonly GateSides[], { version, command }: GatePageOptions): string {
  const outcomes = judged.map(({ outcome }) => outcome);
  const status = overall(outcomes);
  const compared = outcomes.reduce((sum, { report }) => sum + report.comparisons.length, 0);
  const headings = {
    passed: 'The gate passed',
    failed: 'The gate failed',
    'not comparable': compared === 0 ? 'Nothing could be compared' : 'Not everything could be compared',
  };
  return page({
    generator: { name: 'dsasim', version },
    kind: 'dsasim gate',
    heading: headings[status],
    about: outcomes.map(({ workload }) => workload).join(', '),
    facts: [counted(outcomes.length, 'workload'), counted(compared, 'comparison'), `dsasim ${version}`],
    sections: [
      verdictSection(judged),
      ...judged.flatMap((one, i) => (one.sides === null ? [] : [comparisonSection(one, i)])),
      ...judged.flatMap((one, i) => stagesSection(one, i)),
      ...changesSection(judged),
      {
        id: 'reproduce',
        title: 'How to reproduce this',
        short: 'Reproduce',
        body: html`<pre class="command"><code>${command}</code></pre><p class="note">The same version, workload and seed give the same numbers on every machine.</p>`,
      },
    ],
    footer: `Compared with dsasim ${version}; no hardware was measured for this page.`,
  });
}

function verdictSection(judged: readonly GateSides[]): Section {
  const rows = judged.map(({ outcome }) => {
    const broken = outcome.limits.filter((limit) => !limit.held).map(limitText);
    const failed = [...broken, ...regressionTexts(outcome.report.comparisons)];
    const notices = remarks(outcome);
    return html`<div><dt>${outcome.workload} against ${outcome.baseline}</dt><dd>${verdictText(outcome)}${
      failed.length > 0 && html`<ul>${items(failed)}</ul>`
    }${notices.length > 0 && html`<ul class="caveats">${items(notices)}</ul>`}</dd></div>`;
  });
  return {
    id: 'answer',
    title: 'The verdict',
    short: 'Verdict',
    body: html`<dl class="answer">${rows}</dl>`,
  };
}

function items(lines: readonly string[]): Markup[] {
  return lines.map((line) => html`<li>${line}</li>`);
}

function comparisonSection({ outcome }: GateSides, index: number): Section {
  const sorted = worstFirst(outcome.report.comparisons);
  const names = shortPoints(sorted.map(({ point }) => point));
  const places = placesInOrder(sorted);
  const table = (title: string, rows: readonly GateComparison[]): Markup =>
    scrolling(
      title,
      html`<table class="sortable stack" border="1" cellpadding="4"><thead><tr><th scope="col">Point</th><th scope="col">Metric</th><th scope="col" class="n">Baseline</th><th scope="col" class="n">Now</th><th scope="col" class="n">Change</th><th scope="col">Interval and tolerance</th><th scope="col">Verdict</th><th scope="col">What moved</th></tr></thead><tbody>${rows.map((c) => row(c, names.get(c.point)!, places.get(c.point)!))}</tbody></table>`,
    );
  const moved = sorted.filter(({ verdict }) => verdict !== 'same');
  const same = sorted.filter(({ verdict }) => verdict === 'same');
  const unchanged = `${counted(same.length, 'comparison')} without any change`;
  const skipped = inOrder(outcome.report.skipped).map(
    ({ point, metric, reason }) => html`<li>${metric} of ${point}: ${reason}</li>`,
  );
  return {
    id: `comparison-${index + 1}`,
    title: `${outcome.workload}: baseline and run side by side`,
    short: outcome.workload,
    body: html`<p class="note">Replication by replication under the same random numbers. The shaded band is the tolerance, the line the interval of the mean difference; bad is to the right.</p>${
      moved.length > 0 && table(`What moved in ${outcome.workload}`, moved)
    }${same.length > 0 && folded(unchanged, table(`${unchanged} of ${outcome.workload}`, same))}${
      skipped.length > 0 &&
      folded(`${counted(skipped.length, 'metric')} not compared`, html`<ul>${skipped}</ul>`)
    }`,
  };
}

/** @param place where the point stands in the sweep */
function row(c: GateComparison, name: string, place: number): Markup {
  const unit = siUnit(c.unit);
  const change = changeShare(c);
  const moved = movedText(c);
  const mark = c.verdict === 'regressed' ? html`<b class="bad">regressed</b>` : c.verdict;
  return html`<tr><th scope="row" data-order="${place}">${name}</th><td data-label="Metric">${c.metric}</td><td class="n" data-label="Baseline" data-value="${c.baseline}">${formatQuantity(c.baseline, unit)}</td><td class="n" data-label="Now" data-value="${c.current}">${formatQuantity(c.current, unit)}</td><td class="n" data-label="Change" data-value="${change}">${shareText(c)}</td><td data-order="${c.better === 'higher' ? -change : change}">${intervalDrawing(c)}</td><td data-label="Verdict">${mark}</td><td data-order="${c.moved?.difference ?? ''}"${moved !== '' && html` data-label="What moved"`}>${moved}</td></tr>`;
}

/** Stages of the points that changed, the two runs beside each other. */
function stagesSection({ outcome, sides }: GateSides, index: number): Section[] {
  if (sides === null) return [];
  const changed = worstFirst(outcome.report.comparisons).filter(({ verdict }) => verdict !== 'same');
  const all = [...new Set(changed.map(({ point }) => point))];
  const keys = all.slice(0, STAGE_TABLES);
  if (keys.length === 0) return [];
  const cut =
    keys.length < all.length ? ` The ${keys.length} worst of ${all.length} points that changed.` : '';
  const names = shortPoints(keys);
  const tables = keys.map((key) => {
    const [then, now] = [sides.baseline.points[key]!, sides.current.points[key]!];
    const name = names.get(key)!;
    return folded(name, scrolling(`Stages of ${name}`, stageTable(then, now)));
  });
  return [
    {
      id: `stages-${index + 1}`,
      title: `${outcome.workload}: where the time went`,
      short: `${outcome.workload}: stages`,
      body: html`<p class="note">Mean exposed time of every stage of latency; the stages add up to the mean latency.${cut}</p>${tables}`,
    },
  ];
}

function stageTable(then: Baseline['points'][string], now: Baseline['points'][string]): Markup {
  const rows = Object.entries(now.stages).map(([stage, mean]) => {
    const before = then.stages[stage] ?? 0;
    const difference = mean - before;
    const text = difference === 0 ? '' : `${difference > 0 ? '+' : ''}${formatQuantity(difference, 's')}`;
    return html`<tr><th scope="row">${stage}</th><td class="n" data-value="${before}">${formatQuantity(before, 's')}</td><td class="n" data-value="${mean}">${formatQuantity(mean, 's')}</td><td class="n" data-value="${difference}">${text}</td></tr>`;
  });
  return html`<table class="sortable" border="1" cellpadding="4"><thead><tr><th scope="col">Stage</th><th scope="col" class="n">Baseline</th><th scope="col" class="n">Now</th><th scope="col" class="n">Difference</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function changesSection(judged: readonly GateSides[]): Section[] {
  const rows = judged.flatMap(({ outcome }) =>
    outcome.report.changed.map((change) => {
      const cells =
        change.what === 'setting'
          ? [change.path, settingText(change.from), settingText(change.to), String(change.points)]
          : change.what === 'model'
            ? ['version of dsasim', change.from, change.to, 'all']
            : ['sequence of events', change.from.slice(0, 16), change.to.slice(0, 16), 'all'];
      return html`<tr><th scope="row">${outcome.workload}</th>${cells.map((text) => html`<td>${text}</td>`)}</tr>`;
    }),
  );
  if (rows.length === 0) return [];
  const table = html`<table border="1" cellpadding="4"><thead><tr><th scope="col">Workload</th><th scope="col">What</th><th scope="col">Baseline</th><th scope="col">Now</th><th scope="col">Points</th></tr></thead><tbody>${rows}</tbody></table>`;
  return [
    {
      id: 'changes',
      title: 'What changed since the baseline',
      short: 'Changes',
      body: scrolling('Changes', table),
    },
  ];
}
