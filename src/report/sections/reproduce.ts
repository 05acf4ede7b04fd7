/** How to make the document again, and how to see that it is the same. */
import { formatQuantity } from '../../workload/format.js';
import { html, type Markup } from '../markup.js';
import type { Overview } from '../overview.js';
import { folded, type Section, scrolling } from '../section.js';

/** The command, what it depends on, and the fingerprint of every replication. */
export function reproduceSection(view: Overview): Section {
  const { generator, workload, measure } = view.results;
  const facts: [name: string, value: string | Markup][] = [
    ['Version', `${generator.name} ${generator.version}`],
    ['Workload', workload.file],
    ['Hash of the workload', html`<code>${workload.hash}</code>`],
    ['Hash of the devices', html`<code>${workload.digests.devices}</code>`],
    ['Hash of the constants', html`<code>${workload.digests.parameters}</code>`],
    ['Seed', String(workload.seed)],
    ['Preset', workload.preset],
    [
      'Semantics',
      workload.semantics === 'bytes'
        ? 'bytes: every descriptor was executed on simulated memory'
        : 'timing: descriptors were timed and not executed',
    ],
    [
      'Measured',
      `${formatQuantity(measure.duration, 's')} after ${measure.warmup === null ? 'a warm-up that trial runs found' : `a warm-up of ${formatQuantity(measure.warmup, 's')}`}, ${measure.replications} times`,
    ],
  ];
  return {
    id: 'reproduce',
    title: 'How to reproduce this',
    short: 'Reproduce',
    body: html`<pre class="command"><code>${workload.command}</code></pre><p class="note">The same version, workload and seed give the same numbers on every machine, whatever the number of workers. The fingerprints below then agree too.</p><dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>${folded('Fingerprints and the account of descriptors', scrolling('Fingerprints', fingerprints(view)))}`,
  };
}

function fingerprints(view: Overview): Markup {
  const rows = view.results.points.map(
    (point) =>
      html`<tr><th scope="row">${view.pointTitle(point.key)}</th>${(['submitted', 'completed', 'failed', 'rejected', 'aborted', 'in_flight'] as const).map((name) => html`<td class="n">${point.conservation[name]}</td>`)}<td>${point.fingerprints.map((text) => html`<code>${text}</code> `)}</td></tr>`,
  );
  return html`<table border="1" cellpadding="4"><thead><tr><th scope="col">Point</th>${['Submitted', 'Completed', 'Failed', 'Rejected', 'Aborted', 'In flight'].map((title) => html`<th scope="col" class="n">${title}</th>`)}<th scope="col">Fingerprint of each replication</th></tr></thead><tbody>${rows}</tbody></table>`;
}
