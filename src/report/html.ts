/** The report: one HTML page that opens from disk, needs no network and no script, and says the answer first. */
import { createHash } from 'node:crypto';
import type { Results } from '../experiment/results.js';
import { html, type Markup, trusted } from './markup.js';
import { axisTitle, counted } from './names.js';
import { type Overview, overview } from './overview.js';
import { chartRenderer } from './render-chart.js';
import { SCRIPT } from './script.js';
import type { Section } from './section.js';
import { answerSection } from './sections/answer.js';
import { comparisonSection } from './sections/comparison.js';
import { controlSection } from './sections/control.js';
import { curvesSection } from './sections/curves.js';
import { metricsSection } from './sections/metrics.js';
import { noticesSection } from './sections/notices.js';
import { percentilesSection } from './sections/percentiles.js';
import { provenanceSection } from './sections/provenance.js';
import { reproduceSection } from './sections/reproduce.js';
import { stagesSection } from './sections/stages.js';
import { STYLE } from './style.js';

/**
 * Renders a result document as a page. The same document gives the same bytes.
 *
 * @returns the whole file, newline at the end
 */
export async function renderHtml(results: Results): Promise<string> {
  const view = overview(results);
  const draw = await chartRenderer();
  const sections: (Section | null)[] = [
    answerSection(view),
    comparisonSection(view),
    await curvesSection(view, draw),
    await percentilesSection(view, draw),
    await stagesSection(view, draw),
    await controlSection(view, draw),
    provenanceSection(view),
    noticesSection(view),
    metricsSection(view),
    reproduceSection(view),
  ];
  return page(
    view,
    sections.filter((section) => section !== null),
  );
}

function page(view: Overview, sections: readonly Section[]): string {
  const { generator, workload } = view.results;
  const title = `${workload.name} · ${generator.name} report`;
  const body = html`<a class="skip" href="#answer">Skip to the answer</a>
<div class="page">
<header><p class="kind">${generator.name} report</p><h1>${workload.name}</h1>${
    workload.description !== '' && html`<p class="about">${workload.description}</p>`
  }<ul class="run">${facts(view).map((fact) => html`<li>${fact}</li>`)}</ul>
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav></header>
<main>
${sections.map(render)}
</main>
<footer>Simulated with ${generator.name} ${generator.version}; no hardware was measured for this page.</footer>
</div>`;
  // The page's own policy: nothing is loaded, and only this style sheet and this script are obeyed.
  const policy = `default-src 'none'; style-src 'sha256-${digest(STYLE)}'; script-src 'sha256-${digest(SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${generator.name} ${generator.version}">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${body}
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`.html
  }`;
}

function render({ id, title, body }: Section): Markup {
  return html`<section id="${id}"><h2>${title}</h2>
${body}
</section>
`;
}

/** The run in a line: how much was simulated, and with what. */
function facts(view: Overview): string[] {
  const { workload, measure, generator } = view.results;
  const axes = view.results.sweep.map(
    (axis) => `${axisTitle(axis.path)} in ${counted(axis.values.length, 'step')}`,
  );
  return [
    counted(view.designs.length, 'design'),
    ...axes,
    counted(measure.replications, 'replication'),
    `seed ${workload.seed}`,
    `preset ${workload.preset}`,
    `${generator.name} ${generator.version}`,
  ];
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
