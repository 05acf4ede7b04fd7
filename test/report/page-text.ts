/** Looking into a rendered page. */

/** What a reader sees: the page without style, script and tags. */
export function visibleText(page: string): string {
  return page
    .replace(/<(style|script)\b[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replaceAll('\u00a0', ' ')
    .replace(/\s+/g, ' ');
}

/** The markup of a section by its id. */
export const section = (page: string, id: string) =>
  page.slice(
    page.indexOf(`<section id="${id}">`),
    page.indexOf('</section>', page.indexOf(`<section id="${id}">`)),
  );
