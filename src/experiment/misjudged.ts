/** What only a simulation finds wrong with a workload, told as what is wrong with it. */
import { diagnostic, WorkloadError } from '../workload/diagnostics.js';
import { pathText } from '../workload/path.js';
import { TIME_ENDS } from '../workload/validate-lifecycle.js';
import type { Workload } from '../workload/workload.js';
import { SimulationError } from './errors.js';

/**
 * Carries out the simulation of a workload.
 * @throws WorkloadError where its lifecycle takes longer than there is simulated time; else what `simulation` throws
 */
export async function withinTime<T>({ resolved }: Workload, simulation: () => Promise<T>): Promise<T> {
  try {
    return await simulation();
  } catch (error) {
    if (!(error instanceof SimulationError) || error.unended === null) throw error;
    const { pointKey, unended } = error;
    const path = ['lifecycle', unended];
    const action = resolved.document.lifecycle![unended]!.do;
    const values = {
      path: pathText(path),
      end: TIME_ENDS,
      what: `${action} at ${pointKey}`,
      hint: action === 'migrate' ? ': raise lifecycle.bandwidth, or lower memory.size' : '',
    };
    throw new WorkloadError([diagnostic('W126', resolved.view.locate(path), values)]);
  }
}
