/** HTML that is escaped unless it says otherwise. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** A piece of HTML that needs no escaping any more. */
export class Markup {
  constructor(readonly html: string) {}
}

/** What a template may hold: texts and numbers are escaped, markup is taken as it is, nothing prints nothing. */
export type Content = string | number | Markup | readonly Content[] | null | false;

/** Template tag: every value is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(strings.reduce((text, part, i) => text + flatten(values[i - 1] ?? null) + part));
}

/** Markup from a string that is known to be safe: our own style sheet, script and drawings. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function flatten(value: Content): string {
  if (value === null || value === false) return '';
  if (value instanceof Markup) return value.html;
  if (Array.isArray(value)) return value.map(flatten).join('');
  return escapeHtml(String(value));
}
