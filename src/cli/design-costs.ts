/** The parts of what a design makes people pay: a register access, a submission, a completion. */
import { interruptTimes } from '../models/interrupts/completion-interrupt.js';
import { vectorStore } from '../models/interrupts/vector-pool.js';
import { type ParameterValues, parameterValues } from '../models/parameters.js';
import { registerAccess } from '../models/virtualization/access.js';
import type { Design, InterruptPath } from '../models/virtualization/design.js';
import { detourCosts } from '../models/virtualization/detour.js';
import { formatQuantity } from '../workload/format.js';

const time = (ps: number): string => formatQuantity(ps / 1e12, 's');

const VECTOR = {
  ims: 'an entry of the interrupt message store',
  msix: 'one of the MSI-X vectors of the shared device, as long as there are any',
  own: 'its own: nobody else can take it',
} as const;

/** What a register access, a submission and a completion cost under a design with nominal constants, part by part. */
export function designCosts(design: Design): (readonly [string, string])[] {
  const p = parameterValues();
  const access = (kind: 'read' | 'write'): readonly [string, string] => {
    const { parts, timePs, trapped } = registerAccess(design.control, kind, 4, p);
    const made = parts.map(({ name, timePs: partPs }) => `${name} ${time(partPs)}`).join(' + ');
    return [`Register ${kind}`, `${time(timePs)}${trapped ? ', trapped' : ''}: ${made}`];
  };
  const detour = detourCosts(design, false, p);
  const submission =
    detour === null
      ? 'by the thread itself'
      : `${time(detour.entryPs)} to the handler, ${time(detour.handlerPs)} in it, ${time(detour.returnPs)} back, ${detour.exits} exits`;
  const { completion } = design.interrupts;
  const vector = ['Completion vector', VECTOR[vectorStore(design) ?? 'own']] as const;
  return [
    access('read'),
    access('write'),
    ['Submission', design.data === 'virtio-ring' ? 'through a ring, by a thread of the host' : submission],
    ...(completion === 'none' ? [] : [interruptCost(completion, p), vector]),
  ];
}

function interruptCost(path: Exclude<InterruptPath, 'none'>, p: ParameterValues): readonly [string, string] {
  const { runningPs, blockedPs, handlerPs, elsewherePs } = interruptTimes(path, p);
  const elsewhere = elsewherePs === 0 ? '' : `, and ${time(elsewherePs)} of another core for every message`;
  return [
    'Interrupt',
    `${time(runningPs)} to one that runs, ${time(blockedPs)} to one that sleeps, handler ${time(handlerPs)}${elsewhere}`,
  ];
}
