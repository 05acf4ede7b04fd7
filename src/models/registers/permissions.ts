/** MSI-X permissions as descriptor checks see them (DSA specification 9.2.28). */
import { InterruptTable } from '../../core/interrupt-table.js';
import { PERMISSION } from './map.js';

/**
 * The handles that descriptors may name, each with the PASID that may name it.
 * @param handles handle numbers that exist
 * @param permissionOf MSIXPERM word behind a handle, or undefined where the handle is not granted
 */
export function permittedHandles(
  handles: number,
  permissionOf: (handle: number) => number | undefined,
): InterruptTable {
  const table = new InterruptTable(handles);
  for (let handle = 0; handle < handles; handle++) {
    const word = permissionOf(handle);
    if (word === undefined) {
      table.revoke(handle);
      continue;
    }
    table.restrict(handle, word & PERMISSION.pasid_enable ? word >>> PERMISSION.pasid_shift : null);
    if (word & PERMISSION.ignore) table.ignore(handle);
  }
  return table;
}
