/** The answer, before everything else. */
import { type Answer, answer } from '../answer.js';
import { restText } from '../finding.js';
import { type Content, html } from '../markup.js';
import { capitalize } from '../names.js';
import type { Overview } from '../overview.js';
import type { Section } from '../section.js';

/** A number or a range of numbers with its unit, which a line must not break. */
const QUANTITY = String.raw`\d[\d.]*(?:–\d[\d.]*)? (?:%|[kKMGT]?i?B(?:/s)?|[pnµm]?s)(?![\p{L}\d])`;

/** The answer of a run. */
export function answerSection(view: Overview): Section {
  return answerOf(
    answer(view),
    view.designs.map((design) => design.id),
  );
}

/**
 * The first finding, below it what stands against all of them, then the others and what else to know. A phone shows
 * the first two without scrolling.
 * @param ids designs, which are set off in the text
 */
export function answerOf({ findings, reservations, caveats }: Answer, ids: readonly string[]): Section {
  const [first, ...others] = findings.map(
    ({ topic, text, rest }) =>
      html`<div><dt>${topic}</dt><dd>${emphasised(begun(text, ids), ids)}${rest !== undefined && html`; ${restText(rest)} the <a href="#${rest.section}">table below</a>`}.</dd></div>`,
  );
  const list = (sentences: readonly string[]): Content =>
    sentences.length > 0 &&
    html`<ul class="caveats">${sentences.map((text) => html`<li>${emphasised(text, ids)}</li>`)}</ul>`;
  return {
    id: 'answer',
    title: 'The answer',
    short: 'Answer',
    body: html`${first !== undefined && html`<dl class="answer">${first}</dl>`}${list(reservations)}${
      others.length > 0 && html`<dl class="answer more">${others}</dl>`
    }${list(caveats)}`,
  };
}

/** A text as a sentence begins; names of designs stay as they are. */
function begun(text: string, ids: readonly string[]): string {
  return ids.some((id) => text.startsWith(id)) ? text : capitalize(text);
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
