/** The engines of a device, as far as their data passes it. */
import { ChunkCost } from '../../src/models/device/chunk-cost.js';
import { Fabric } from '../../src/models/device/fabric.js';
import { Passage } from '../../src/models/device/passage.js';
import { SharedPort } from '../../src/models/device/shared-port.js';
import { Port } from '../../src/models/memory/port.js';

/** What a chunk asks for; nothing of what is not named. */
export function costing(over: Partial<ChunkCost>): ChunkCost {
  return Object.assign(new ChunkCost(), { memoryPort: new Port() }, over);
}

/** The engines of a device, each in the group of that number, 0 to 2. */
export function engines(groups: readonly number[]) {
  const clock = { nowPs: 0 };
  const fabric = new Fabric();
  const buffers = [0, 1, 2].map((number) => ({ number, held: new SharedPort(), reserved: new SharedPort() }));
  const passages = groups.map((number) => new Passage(clock, fabric, buffers[number]!));
  /** Starts a chunk; returns when it has passed [ps]. */
  return (engine: number, cost: ChunkCost, nowPs: number): number => {
    clock.nowPs = nowPs;
    passages[engine]!.start(cost);
    return passages[engine]!.endPs;
  };
}
