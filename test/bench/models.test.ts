import { describe, expect, it } from 'vitest';
import { type Counted, models, peers } from './modules.js';

/** The delays of bench/peers/models.h. */
class Delays {
  private state = 1;

  private step(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return this.state;
  }

  next(): number {
    return ((this.step() >>> 15) + 1) * 8;
  }

  nextShort(): number {
    return ((this.step() >>> 18) + 1) * 8;
  }
}

/** Events in a plain list, searched for the earliest: slow, and obviously in order. */
class PlainKernel {
  nowPs = 0;
  dispatched = 0;
  private readonly events: { timePs: number; act: () => void }[] = [];

  after(delayPs: number, act: () => void): void {
    this.events.push({ timePs: this.nowPs + delayPs, act });
  }

  step(): void {
    let first = 0;
    this.events.forEach((event, i) => {
      if (event.timePs < this.events[first]!.timePs) first = i;
    });
    const [event] = this.events.splice(first, 1);
    this.nowPs = event!.timePs;
    this.dispatched++;
    event!.act();
  }
}

function plainHold(pending: number, limit: number): Counted {
  const kernel = new PlainKernel();
  const delays = new Delays();
  let checksum = 0;
  let done = 0;
  const hold = (): void => {
    checksum = (checksum + kernel.nowPs) % 2 ** 32;
    done++;
    kernel.after(delays.next(), hold);
  };
  for (let i = 0; i < pending; i++) kernel.after(delays.next(), hold);
  while (done < limit) kernel.step();
  return { events: kernel.dispatched, checksum, done };
}

/** The closed pipeline as models.h describes it. */
function plainPipeline(slots: number, limit: number): Counted {
  const kernel = new PlainKernel();
  const delays = new Delays();
  let checksum = 0;
  let done = 0;
  let coreFreePs = 0;
  let engines = 4;
  let woken = false;
  let waiting = 0;
  const wake = (): void => {
    if (woken) return;
    woken = true;
    kernel.after((Math.floor(kernel.nowPs / 8) + 1) * 8 + 2 - kernel.nowPs, arbitrate);
  };
  const submit = (): void => {
    coreFreePs = Math.max(coreFreePs, kernel.nowPs) + 40_000;
    kernel.after(coreFreePs + 200_001 - kernel.nowPs, arrive);
  };
  const arrive = (): void => {
    waiting++;
    wake();
  };
  const arbitrate = (): void => {
    woken = false;
    for (; waiting > 0 && engines > 0; waiting--, engines--) {
      kernel.after(80_001 + delays.nextShort(), finish);
    }
  };
  const finish = (): void => {
    engines++;
    wake();
    kernel.after(120_001, notice);
  };
  const notice = (): void => {
    checksum = (checksum + kernel.nowPs) % 2 ** 32;
    done++;
    kernel.after(4, submit);
  };
  for (let slot = 0; slot < slots; slot++) kernel.after(0, submit);
  while (done < limit) kernel.step();
  return { events: kernel.dispatched, checksum, done };
}

describe('the models that all kernels run', () => {
  it.each([
    [1, 500],
    [16, 3000],
    [300, 5000],
  ])('hold %i events, counted alike by the kernel and by a plain list', (pending, limit) => {
    const { counted, run } = models.holdModel(pending, limit);
    run();
    expect(counted).toEqual(plainHold(pending, limit));
  });

  it.each([
    [1, 300],
    [8, 1000],
    [32, 2000],
  ])('pass descriptors of %i slots through the pipeline, counted alike', (slots, limit) => {
    const { counted, run } = models.pipelineModel(slots, limit);
    run();
    expect(counted).toEqual(plainPipeline(slots, limit));
    // Submit, arrive, finish and notice are one event each; the arbiter looks at most twice a descriptor.
    expect(counted.events).toBeGreaterThanOrEqual(4 * limit);
    expect(counted.events).toBeLessThanOrEqual(6 * limit + 6 * slots);
  });

  it('are the same models in the peers that are installed, to the last event', () => {
    for (const { name, skipped, run } of peers.findPeers()) {
      if (run === undefined) {
        expect(skipped, name).toMatch(/not installed|does not build/);
        continue;
      }
      const { seconds, ...hold } = run('hold', 50, 4000);
      expect(hold, name).toEqual(plainHold(50, 4000));
      expect(seconds).toBeGreaterThanOrEqual(0);
      for (const model of name === 'SimPy' ? ['pipeline', 'pipeline-by-hand'] : ['pipeline']) {
        const { seconds: again, ...pipeline } = run(model, 12, 1500);
        expect(pipeline, `${name}, ${model}`).toEqual(plainPipeline(12, 1500));
        expect(again).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
