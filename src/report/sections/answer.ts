/** The answer, before everything else. */
import { answer } from '../answer.js';
import { type Content, html } from '../markup.js';
import type { Overview } from '../overview.js';
import type { Section } from '../section.js';

/** A number or a range of numbers with its unit, which a line must not break. */
const QUANTITY = String.raw`\d[\d.]*(?:–\d[\d.]*)? (?:%|[kKMGT]?i?B(?:/s)?|[pnµm]?s)(?![\p{L}\d])`;

/** Findings with their topics; then what to know before believing them. */
export function answerSection(view: Overview): Section {
  const { findings, caveats } = answer(view);
  const ids = view.designs.map((design) => design.id);
  const first = findings.map(
    ({ topic, text }) => html`<div><dt>${topic}</dt><dd>${emphasised(text, ids)}.</dd></div>`,
  );
  const then = html`<ul class="caveats">${caveats.map((text) => html`<li>${text}</li>`)}</ul>`;
  return {
    id: 'answer',
    title: 'The answer',
    short: 'Answer',
    body: html`${first.length > 0 && html`<dl class="answer">${first}</dl>`}${caveats.length > 0 && then}`,
  };
}

/** A text with the names of designs set off, and with names and quantities kept in one line. */
function emphasised(text: string, ids: readonly string[]): Content {
  // The longest first, so that vfio-pci does not match the beginning of vfio-pci-nested.
  const names = [...ids]
    .sort((a, b) => b.length - a.length)
    .map((id) => id.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const pattern = new RegExp(`(?<![\\w-])(${[...names, QUANTITY].join('|')})`, 'u');
  return text.split(pattern).map((part, i) => {
    if (i % 2 === 0) return part;
    return html`<span class="${ids.includes(part) ? 'id' : 'q'}">${part}</span>`;
  });
}
