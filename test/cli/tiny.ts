/** A workload that is simulated in a few milliseconds, for tests that need files of their own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './dsasim.js';

/** One process, one engine, two depths. */
export const TINY = `name: tiny
devices:
  - groups:
      - engines: 1
        work_queues:
          - { name: copy, mode: dedicated, size: 32 }
designs: [native-cdev]
tenants:
  - name: process
    work_queue: copy
    load: { closed: { depth: 1 } }
    operations: { op: memmove, size: 4KiB }
measure: { warmup: 10us, duration: 200us, replications: 3 }
sweep: { tenants.process.load.closed.depth: [1, 8] }
gate:
  metrics:
    throughput: { tolerance: 1% }
    latency_p50: { tolerance: 2% }
`;

/** Writes a workload into a new folder. @returns the folder and the file */
export function workload(text = TINY): { folder: string; file: string } {
  const folder = temporaryFolder();
  const file = join(folder, 'workload.yaml');
  writeFileSync(file, text);
  return { folder, file };
}

/** The tiny workload at a length that takes many seconds. */
export const LONG = TINY.replace('duration: 200us', 'duration: 500ms').replace(
  'replications: 3',
  'replications: 40',
);
