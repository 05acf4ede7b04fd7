/**
 * A VMM that is replaced by a newer one under its running guest: the memory stays where it is, pinned, and stands at other
 * addresses of the new process. type1 can be told to forget the old addresses and to take the new ones (VADDR unmap, cost
 * P10) while the device goes on with what it holds.
 */
import type { Design } from '../virtualization/design.js';
import { DONE, type Outcome, refused } from './events.js';
import { freezing } from './quiesce.js';
import type { Scene } from './scene.js';
import type { Script } from './script.js';

/** Why a design cannot have its VMM replaced under a running device, or null. */
export function replacementRefusal({ guest, mapping }: Design): string | null {
  if (guest === 'process') return 'a process has no VMM: it would replace itself, and its PASID with it';
  switch (mapping) {
    case 'type1':
      return null;
    case 'none':
      return "the device works with addresses of the VMM's own process, which ends";
    default:
      return 'iommufd, behind either interface, cannot give a mapping that is in use other addresses (VADDR unmap, a gap of 2022)';
  }
}

/** The guest stands still while the new VMM starts and takes over; its device does not. */
export function* replaceVmm(scene: Scene): Script<Outcome> {
  const { seat, parameters: p } = scene;
  const refusal = replacementRefusal(seat.parts.design);
  if (refusal !== null) return refused(refusal);
  const fromPs = scene.nowPs;
  scene.note('descriptors_inside', scene.insideDescriptors());
  yield* scene.step(...freezing(scene, 'freeze', () => seat.freeze()));
  yield* scene.wait('forget addresses', p.syscall);
  yield* scene.wait('start the new VMM', p['lifecycle.vmm_start']);
  yield* scene.wait('take new addresses', p.syscall);
  yield* scene.step(...freezing(scene, 'thaw', () => seat.thaw()));
  scene.noteTime('downtime', fromPs);
  return DONE;
}
