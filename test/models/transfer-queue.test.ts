/** The order of an engine's transfers: by time, and of equal times by coming. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Transfer } from '../../src/models/device/transfer.js';
import { TransferQueue } from '../../src/models/device/transfer-queue.js';

const engine = { release: () => {} };
const action = fc.oneof(fc.constant('shift' as const), fc.integer({ min: 0, max: 6 }));

describe('a queue of transfers', () => {
  it('gives them as sorting by time would, whatever comes and goes between', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const queue = new TransferQueue();
        const sorted: { transfer: Transfer; timePs: number }[] = [];
        // Those that have left come again, as an engine's do.
        const free: Transfer[] = [];
        for (const what of actions) {
          if (what === 'shift') {
            if (sorted.length === 0) continue;
            const { transfer } = sorted.shift()!;
            expect(queue.shift()).toBe(transfer);
            free.push(transfer);
          } else {
            const transfer = free.pop() ?? new Transfer(sorted.length, engine);
            queue.add(transfer, what);
            sorted.push({ transfer, timePs: what });
            sorted.sort((a, b) => a.timePs - b.timePs);
          }
          expect(queue.firstPs).toBe(sorted[0]?.timePs ?? Number.POSITIVE_INFINITY);
          if (sorted.length > 0) expect(queue.first).toBe(sorted[0]!.transfer);
        }
      }),
    );
  });
});
