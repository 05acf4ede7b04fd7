/** The interval of a difference beside its tolerance, as a small drawing. */
import type { GateComparison } from '../../experiment/gate.js';
import { html, type Markup, trusted } from '../markup.js';

const WIDTH = 180;
const HEIGHT = 16;
const MIDDLE = WIDTH / 2;

/** Zero in the middle, the tolerance shaded, bad to the right; drawn so wide that interval and tolerance fit. */
export function intervalDrawing(c: GateComparison): Markup {
  const sign = c.better === 'higher' ? -1 : 1;
  const half = c.half_width ?? 0;
  const worse = sign * c.difference;
  const reach = Math.max(c.tolerance, Math.abs(worse) + half) * 1.1;
  const x = (value: number): string =>
    (reach === 0 ? MIDDLE : MIDDLE + (value / reach) * (MIDDLE - 2)).toFixed(1);
  const band = `<rect x="${x(-c.tolerance)}" y="3" width="${(Number(x(c.tolerance)) - Number(x(-c.tolerance))).toFixed(1)}" height="${HEIGHT - 6}" fill="var(--grid,#e7e7e4)"/>`;
  const zero = `<path d="M${MIDDLE},1V${HEIGHT - 1}" stroke="var(--rule,#8b9097)"/>`;
  const colour = c.verdict === 'regressed' ? 'var(--bad,#b3261e)' : 'var(--accent,#005ea2)';
  const line = `<path d="M${x(worse - half)},8H${x(worse + half)}" stroke="${colour}" stroke-width="2"/><circle cx="${x(worse)}" cy="8" r="3" fill="${colour}"/>`;
  const label = `difference ${c.difference}, half-width ${c.half_width ?? 'unknown'}, tolerance ${c.tolerance}`;
  return html`<svg width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">${trusted(band + zero + line)}</svg>`;
}
