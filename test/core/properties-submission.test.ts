import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import { capabilitiesOf } from '../../src/core/capabilities.js';
import { ReferenceDevice } from '../../src/core/device.js';
import { InterruptTable } from '../../src/core/interrupt-table.js';
import { image } from '../core-reference/build.js';
import { answerTo } from '../core-reference/submission.js';
import { runs } from './runs.js';

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      portal: fc.constantFrom('limited' as const, 'unlimited' as const),
      instruction: fc.constantFrom('enqcmd' as const, 'movdir64b' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom('oldest' as const, 'newest' as const, 'drain' as const) },
);

test('a work queue answers every submission as the model does, however full it is', () => {
  const shape = fc.record({
    shared: fc.boolean(),
    size: fc.integer({ min: 1, max: 5 }),
    threshold: fc.integer({ min: 1, max: 7 }),
  });
  fc.assert(
    fc.property(shape, fc.array(step, { maxLength: 40 }), ({ shared, size, threshold }, steps) => {
      const device = new ReferenceDevice({
        capabilities: capabilitiesOf('1.0'),
        workQueues: [
          {
            mode: shared ? 'shared' : 'dedicated',
            size,
            threshold,
            blockOnFault: false,
            maxTransferBytes: 4096,
            maxBatch: 2,
            opConfig: null,
            pasidEnable: true,
            pasid: 1,
            priv: 0,
            userInterrupts: true,
            privilegedMode: true,
            addressTranslation: true,
            trafficClassA: 0,
            trafficClassB: 0,
          },
        ],
        spaceOf: () => new AddressSpace(),
        pageRequests: false,
        interruptTable: new InterruptTable(9),
      });
      let occupancy = 0;
      let dropped = 0;
      for (const one of steps) {
        if (one === 'oldest' || one === 'newest') {
          const outcome = one === 'oldest' ? device.processOldest(0) : device.processNewest(0);
          expect(outcome === null).toBe(occupancy === 0);
          occupancy = Math.max(0, occupancy - 1);
        } else if (one === 'drain') {
          device.drainWorkQueue(0);
          occupancy = 0;
        } else {
          const answer = answerTo({ shared, size, threshold }, occupancy, one.portal, one.instruction);
          expect(device.submit(image('nop', 0), 0, { workQueue: 0, ...one })).toBe(answer);
          if (answer === 'accepted') occupancy++;
          if (answer === 'dropped') dropped++;
        }
        expect(device.occupancy(0)).toBe(occupancy);
        expect(device.softwareError.report?.code).toBe(dropped === 0 ? undefined : 0x53);
        expect(device.softwareError.overflow).toBe(dropped > 1);
      }
    }),
    runs(20272),
  );
});
