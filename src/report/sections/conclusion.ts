/** What the workload concludes in words, and the conditions that make it true. */
import { claimValues, conclusionTexts } from '../conclusion.js';
import { html } from '../markup.js';
import type { Overview } from '../overview.js';
import { folded, type Section, scrolling } from '../section.js';

/** The section, or null where the workload concludes nothing. */
export function conclusionSection({ results: { conclusion } }: Overview): Section | null {
  if (conclusion === null) return null;
  const { says, standing } = conclusionTexts(conclusion);
  const rows = conclusion.holds.map(
    (claim) =>
      html`<tr><th scope="row"><code>${claim.text}</code></th><td>${claimValues(claim)}</td><td>${
        claim.held === null ? 'not judged' : claim.held ? 'holds' : html`<b class="bad">broken</b>`
      }</td></tr>`,
  );
  const table = html`<table border="1" cellpadding="4"><thead><tr><th scope="col">Condition</th><th scope="col">Values</th><th scope="col">In this run</th></tr></thead><tbody>${rows}</tbody></table>`;
  return {
    id: 'conclusion',
    title: 'What it settles',
    short: 'Conclusion',
    body: html`<p>${says}</p>${standing !== '' && html`<p class="note">${standing}</p>`}${folded('Its conditions', scrolling('Conditions of the conclusion', table))}`,
  };
}
