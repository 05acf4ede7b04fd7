/**
 * Vega-lite to a static drawing that can stand in a page without scripts: the same bytes every time, ids of its own,
 * no event handling, no coordinates finer than can be seen.
 */
import type { TopLevelSpec } from 'vega-lite';
import { escapeHtml, type Markup, trusted } from './markup.js';

/** Draws a chart. */
export type ChartRenderer = (spec: TopLevelSpec, label: string) => Promise<Markup>;

/** Vega numbers its definitions in one counter a process, so that charts of all pages are drawn one after another. */
let lastDrawing: Promise<unknown> = Promise.resolve();

/**
 * Loads vega (about a third of a second, so only when a report is written) and returns the renderer of one page. Ids
 * are counted per page: chart `n` prefixes its own with `c<n>-`.
 */
export async function chartRenderer(): Promise<ChartRenderer> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  // Widths of texts come from a table, not from whatever canvas and fonts a machine has. The types lack it.
  (vega as unknown as { textMetrics: { canvas(use: boolean): void } }).textMetrics.canvas(false);
  let count = 0;
  return (spec, label) => {
    const prefix = `c${++count}-`;
    const draw = async (): Promise<Markup> => {
      vega.resetSVGDefIds();
      const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'none' });
      try {
        return trusted(tidy(await view.toSVG(), prefix, label));
      } finally {
        view.finalize();
      }
    };
    const result = lastDrawing.then(draw);
    lastDrawing = result.catch(() => undefined);
    return result;
  };
}

/** A mark with what it says as its label; what it says may hold a `>`, which vega leaves as it is. */
const SAYING_MARK = /<path ((?:[^>"]|"[^"]*")*?)aria-label="([^"]*)"((?:[^>"]|"[^"]*")*?)(?:\/>|><\/path>)/g;

/** Drops what only serves interaction, prefixes ids, rounds coordinates and names the whole for screen readers. */
function tidy(svg: string, prefix: string, label: string): string {
  return (
    svg
      .replace(/<path class="background"[^>]*\/>/g, '')
      // What a mark says, for pointers: browsers show a title without any script.
      .replace(SAYING_MARK, (_, before: string, said: string, after: string) => {
        const mark = `<path ${(before + after).trim()}`;
        return said === '' ? `${mark}/>` : `${mark}><title>${said}</title></path>`;
      })
      .replace(/<[^>]+>/g, (tag) =>
        tag
          .replace(/ (?:class|role|aria-[a-z]+|pointer-events|xmlns:xlink|version)="[^"]*"/g, '')
          .replace(/ (?:stroke-width|opacity)="1"/g, '')
          .replace(/(-?\d+\.\d{3,})/g, (number) => String(Number(Number(number).toFixed(2))))
          .replace(/ id="/g, ` id="${prefix}`)
          .replace(/url\(#/g, `url(#${prefix}`),
      )
      .replace(/<path[^>]*(?: d=""| display="none")[^>]*\/>/g, '')
      .replace(/<g>\s*<\/g>|<g\/>/g, '')
      .replace('<svg ', `<svg role="img" aria-label="${escapeHtml(label)}" `)
  );
}
