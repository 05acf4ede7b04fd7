/** What each guest was given: the ground on which designs may be ranked together. */
import { formatQuantity } from '../../workload/format.js';
import { designsGiven } from '../allotment.js';
import { html, type Markup } from '../markup.js';
import type { Overview } from '../overview.js';
import { scrolling } from '../section.js';

/** One row an allotment and tenant. */
export function resourcesTable(view: Overview): Markup {
  const number = (value: number) => formatQuantity(value, '');
  const rows = view.allotments.flatMap((allotment) =>
    allotment.resources.map(
      (r, i) =>
        html`<tr><th scope="row">${i === 0 ? allotment.letter : ''}</th><td class="text">${
          i === 0 ? designsGiven(view, allotment) : ''
        }</td><td>${r.tenant} × ${r.instances}</td><td class="n">${number(r.work_queues_per_instance)}</td><td>${r.mode}</td><td class="n">${number(r.entries_per_instance)}</td><td class="n">${number(r.engines_per_instance)}</td><td class="n">${number(r.devices_per_instance)}</td><td class="n">${i === 0 ? number(allotment.devices) : ''}</td></tr>`,
    ),
  );
  const table = html`<table border="1" cellpadding="4"><caption>What each instance was given</caption><thead><tr><th scope="col">Letter</th><th scope="col">Designs</th><th scope="col">Tenant</th><th scope="col" class="n">Work queues</th><th scope="col">Mode</th><th scope="col" class="n">Entries</th><th scope="col" class="n">Engines</th><th scope="col" class="n">Devices</th><th scope="col" class="n">Devices in all</th></tr></thead><tbody>${rows}</tbody></table>`;
  return scrolling('What each instance was given', table);
}
