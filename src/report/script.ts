/**
 * What scripts add to the page. Nothing needs them; where they are off, or forbidden, nothing of it is seen: the page
 * has no button that would do nothing.
 */
import { CHARTS } from './script/charts.js';
import { PAGE_TOOLS } from './script/page.js';
import { TABLES } from './script/tables.js';

/** The whole script; a constant text. */
export const SCRIPT = `(() => {${PAGE_TOOLS}${TABLES}${CHARTS}})();`;
