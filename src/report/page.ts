/** The shell of every page: one file that opens from disk, loads nothing, and obeys only its own style and script. */
import { createHash } from 'node:crypto';
import { html, type Markup, trusted } from './markup.js';
import { SCRIPT } from './script.js';
import type { Section } from './section.js';
import { STYLE } from './style.js';

/** What a page says around its sections. */
export interface PageContents {
  generator: { name: string; version: string };
  /** What kind of page it is, above the heading and in the title. */
  kind: string;
  heading: string;
  /** A sentence below the heading, or ''. */
  about: string;
  /** The run in a line. */
  facts: readonly string[];
  /** The first one holds the answer: a link at the top of the page skips to it. */
  sections: readonly Section[];
  footer: string;
}

/** The whole file, newline at the end. The same contents give the same bytes. */
export function page(contents: PageContents): string {
  const { generator, kind, heading, about, facts, sections, footer } = contents;
  const body = html`<a class="skip" href="#${sections[0]!.id}">Skip to the answer</a>
<div class="page">
<header><p class="kind">${kind}</p><h1>${heading}</h1>${
    about !== '' && html`<p class="about">${about}</p>`
  }<ul class="run">${facts.map((fact) => html`<li>${fact}</li>`)}</ul></header>
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name, short }) => html`<li><a href="#${id}">${short ?? name}</a></li>`)}</ul></nav>
<main>
${sections.map(render)}
</main>
<footer>${footer}</footer>
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
<title>${heading} · ${kind}</title>
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
  return html`<section id="${id}"><h2>${title} <a class="anchor" href="#${id}" aria-label="Link to ${title}">#</a></h2>
${body}
</section>
`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
