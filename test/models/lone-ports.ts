/** The ports of a device that know nothing of each other: what `Passage` does in one look, port by port. */
import type { ChunkCost } from '../../src/models/device/chunk-cost.js';

/** A port that engines share; its closed form is explained in src/models/device/shared-port.ts. */
class LonePort {
  private totalPs = 0;
  private readonly chunks = new Map<number, { endPs: number; part: number }>();

  ask(engine: number, tookPs: number, nowPs: number): number {
    const under = [...this.chunks]
      .sort(([a], [b]) => a - b)
      .filter(([of, { endPs }]) => of !== engine && endPs > nowPs);
    const owedPs = Math.max(0, this.totalPs - nowPs);
    if (under.length === 0) return nowPs + owedPs + tookPs;
    const taken = under.reduce((sum, [, { part }]) => sum + part, 0);
    const promisedPs = under.reduce((sum, [, { endPs, part }]) => sum + (endPs - nowPs) * part, 0);
    const share = Math.max(1 / (under.length + 1), 1 - taken);
    return nowPs + Math.round(Math.max(tookPs, tookPs / share + owedPs - promisedPs));
  }

  pass(engine: number, tookPs: number, nowPs: number, endPs: number): void {
    this.totalPs = Math.max(this.totalPs, nowPs) + tookPs;
    this.chunks.set(engine, { endPs, part: tookPs / (endPs - nowPs) });
  }
}

/** All ports of a device; of the read buffers the reserved ones of a group or the shared ones, whichever are faster. */
export class LonePorts {
  private readonly device = [new LonePort(), new LonePort(), new LonePort(), new LonePort()] as const;
  private readonly groups: readonly (readonly [LonePort, LonePort])[];

  /** @param groupOf number of each engine's group */
  constructor(private readonly groupOf: readonly number[]) {
    this.groups = [0, 1, 2].map(() => [new LonePort(), new LonePort()] as const);
  }

  /** Starts a chunk; returns when it has passed [ps]. */
  start(engine: number, cost: ChunkCost, nowPs: number): number {
    const [read, write, limited, shared] = this.device;
    const [held, reserved] = this.groups[this.groupOf[engine]!]!;
    const all: [LonePort, number][] = [
      [read, cost.readPs],
      [write, cost.writePs],
      [held, cost.heldPs],
      [limited, cost.limitedPs],
    ];
    const passed = all.filter(([, tookPs]) => tookPs > 0);
    const [fastest] = (
      [
        [reserved, cost.reservedPs],
        [shared, cost.sharedPs],
      ] as [LonePort, number][]
    )
      .filter(([, tookPs]) => tookPs > 0)
      .map(([port, tookPs]) => ({ port, tookPs, endPs: port.ask(engine, tookPs, nowPs) }))
      .sort((a, b) => a.endPs - b.endPs);
    if (fastest !== undefined) passed.push([fastest.port, fastest.tookPs]);
    const ends = passed.map(([port, tookPs]) => port.ask(engine, tookPs, nowPs));
    const endPs = Math.max(nowPs + cost.enginePs, ...ends);
    for (const [port, tookPs] of passed) port.pass(engine, tookPs, nowPs, endPs);
    return endPs;
  }
}
