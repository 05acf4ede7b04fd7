import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeOutcome } from '../../src/cli/outcome.js';
import { LARGE_SWEEP } from '../../src/experiment/aggregate.js';
import { runWorkload } from '../../src/experiment/experiment.js';
import { Stream } from '../../src/experiment/stream.js';
import { loadWorkload } from '../../src/workload/load.js';
import { temporaryFolder } from './dsasim.js';
import { TINY, workload } from './tiny.js';

const DEPTHS = Array.from({ length: LARGE_SWEEP + 100 }, (_, i) => i + 1);
const SWEEP = TINY.replace('[1, 8]', JSON.stringify(DEPTHS))
  .replace('duration: 200us', 'duration: 4us')
  .replace('warmup: 10us', 'warmup: 1us')
  .replace('size: 32', 'size: 128')
  .replace('replications: 3', 'replications: 1');

describe('writing the result of a large sweep', () => {
  it('ends at an interrupt, and leaves nothing of the file in work', async () => {
    const loaded = await loadWorkload(workload(SWEEP).file);
    const streamed = await runWorkload(loaded, { version: '0.0.0', command: 'dsasim run', workers: 1 });
    const interrupt = new AbortController();
    let read = 0;
    const points = new Stream(function* () {
      for (const point of streamed.points.items()) {
        if (++read === LARGE_SWEEP) interrupt.abort();
        yield point;
      }
    });
    const folder = join(temporaryFolder(), 'out');
    const made = { streamed: { ...streamed, points }, points: loaded.points };
    const written: string[] = [];
    const outcome = writeOutcome(made, folder, { quiet: true }, interrupt.signal, written);
    await expect(outcome).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(read).toBe(LARGE_SWEEP);
    expect(written).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});
