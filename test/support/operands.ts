import type { Layout } from '../../src/models/tenants/layout.js';
import { REGIONS, type RegionName } from '../../src/models/tenants/operations.js';

/** Where the operands of the descriptor with a serial number lie; 0 for those that the tenant has not [B]. */
export function operandsAt(layout: Layout, serial: number): Record<RegionName, number> {
  const at = { source: 0, source2: 0, destination: 0, destination2: 0, pattern: 0 };
  for (const region of REGIONS) at[region] = layout.buffers(region)?.address(serial) ?? 0;
  return at;
}
