/** The events of the device, by name: ids of handlers in the simulator's table. Payload: engine, and place in it or number of a look. */
import type { Simulator } from '../../sim/simulator.js';
import type { Engine } from './engine.js';

/** Handler ids. */
export interface EngineEvents {
  readonly rejected: number;
  readonly stream: number;
  readonly complete: number;
  readonly batchDecoded: number;
  readonly fetched: number;
  readonly batchComplete: number;
}

/** Registers the engines' handlers in a fixed order. `engines` may be filled afterwards. */
export function registerEngineEvents(simulator: Simulator, engines: readonly Engine[]): EngineEvents {
  return {
    rejected: simulator.register((engine, place) => engines[engine]!.onRejected(place)),
    stream: simulator.register((engine, look) => engines[engine]!.onLook(look)),
    complete: simulator.register((engine, place) => engines[engine]!.onComplete(place)),
    batchDecoded: simulator.register((engine, place) => engines[engine]!.batches.onDecoded(place)),
    fetched: simulator.register((engine, place) => engines[engine]!.batches.onFetched(place)),
    batchComplete: simulator.register((engine, place) => engines[engine]!.batches.onComplete(place)),
  };
}
