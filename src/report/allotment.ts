/** What the instances of a tenant were given, in words. */
import type { Resources } from '../experiment/results.js';
import { formatQuantity } from '../workload/format.js';
import { counted, listing } from './names.js';
import type { Allotment, Overview } from './overview.js';

/** `guest × 4: 1 dedicated work queue (32 entries), 1 engine, 1 device each; 4 devices in all`. */
export function allotmentText(allotment: Allotment): string {
  const tenants = allotment.resources.map((r) => `${r.tenant} × ${r.instances}: ${shareText(r)}`);
  return `${tenants.join('; ')}; ${counted(allotment.devices, 'device')} in all`;
}

/** What one instance was given. */
function shareText(r: Resources): string {
  const queues = `${counted(r.work_queues_per_instance, `${r.mode} work queue`)} (${formatQuantity(r.entries_per_instance, '')} entries)`;
  return `${queues}, ${counted(r.engines_per_instance, 'engine')}, ${counted(r.devices_per_instance, 'device')} each`;
}

/** The designs of an allotment: `native-cdev, mdev and vfio-user`. */
export function designsGiven(view: Overview, allotment: Allotment): string {
  const given = view.designs.filter(({ id }) =>
    view.places.some((place) => {
      const point = view.point(id, place);
      return point !== undefined && view.allotment(point) === allotment;
    }),
  );
  return listing(given.map(({ id }) => id));
}
