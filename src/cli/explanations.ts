/**
 * What `dsasim explain` knows: every name that a workload, a result or an error message can hold, with the text of its
 * own declaration.
 */
import { DOCUMENT_CODES, GATE_CODES, RUN_CODES } from '../experiment/codes.js';
import { type CostTrust, costRows } from '../experiment/costs.js';
import { ACTION_SENTENCES, ACTIONS } from '../models/lifecycle/events.js';
import { METRICS, STAGE_SENTENCES } from '../models/metrics.js';
import type { Trust } from '../models/parameter.js';
import { PARAMETERS } from '../models/parameters.js';
import type { FunctionDriver } from '../models/virtualization/design.js';
import { DESIGNS } from '../models/virtualization/designs.js';
import { designVerdict } from '../models/virtualization/validity.js';
import { SIMULATION_CODES } from '../sim/errors.js';
import { CODES } from '../workload/codes.js';
import { formatQuantity } from '../workload/format.js';
import { internalText, SI_UNIT, toSi } from '../workload/internal.js';
import { PRESETS } from '../workload/presets.js';
import { CLI_CODES } from './codes.js';
import { designCosts } from './design-costs.js';

/** One thing that has a name. */
export interface Explanation {
  kind: 'parameter' | 'metric' | 'stage' | 'design' | 'event' | 'preset' | 'cost' | 'code';
  name: string;
  /** What it is, in a sentence. */
  sentence: string;
  /** More about it: a label and its text. */
  facts: readonly (readonly [label: string, text: string])[];
}

const TRUST: Readonly<Record<Trust | CostTrust, string>> = {
  read: 'read in a published source',
  quoted: 'read where somebody quotes the source',
  derived: 'derived from published numbers by arithmetic',
  measured: 'timed in a KVM guest on AMD EPYC: a check of magnitudes, neither published nor Intel',
  recalled: 'recalled from the literature, not seen again',
  assumed: 'assumed: nobody has published it',
};

const DRIVER: Readonly<Record<FunctionDriver, string>> = {
  idxd: "idxd, the kernel's, of the guest; `driver: dpdk` or `driver: spdk` in a variant for one of a process",
  dpdk: "DPDK's over vfio-pci, polled; it configures the device by itself",
  spdk: "SPDK's over vfio-pci, polled; it configures the device by itself",
};

/** Everything, in the order in which it is declared. */
export function explanations(): Explanation[] {
  return [
    ...parameters(),
    ...metrics(),
    ...stages(),
    ...designs(),
    ...events(),
    ...presets(),
    ...costs(),
    ...codes(),
  ];
}

/** All that is called so; a name may be that of a metric and of a stage. Prefixes that only say where it stands are dropped. */
export function explain(name: string): Explanation[] {
  const plain = name
    .trim()
    .replace(/^platform\.set\./, '')
    .replace(/^tenants\.[^.]+\.(?=[^.]+$)/, '');
  const code = `DSASIM_${plain.toUpperCase().replace(/^DSASIM_/, '')}`;
  return explanations().filter(
    (entry) =>
      entry.name === plain ||
      (entry.kind === 'code' && (entry.name === code || entry.name.startsWith(`${code}_`))),
  );
}

function parameters(): Explanation[] {
  return PARAMETERS.map((p) => {
    const show = (value: number): string => formatQuantity(toSi(p.dimension, value), SI_UNIT[p.dimension]);
    return {
      kind: 'parameter',
      name: p.name,
      sentence: p.sentence,
      facts: [
        ['Value', `${show(p.nominal)}, between ${show(p.low)} and ${show(p.high)}`],
        ['Trust', TRUST[p.trust]],
        ['Source', p.source],
        ['Set it', `--set platform.set.${p.name}=${internalText(p.dimension, p.nominal)}`],
      ],
    };
  });
}

function metrics(): Explanation[] {
  return METRICS.map(({ name, unit, better, sentence }) => ({
    kind: 'metric',
    name,
    sentence,
    facts: [
      ['Unit', unit === '' ? 'a plain number' : unit],
      ['Better', better],
      ['Of a tenant', `tenants.<name>.${name}`],
    ],
  }));
}

function stages(): Explanation[] {
  return Object.entries(STAGE_SENTENCES).map(([name, sentence], i, all) => ({
    kind: 'stage',
    name,
    sentence,
    facts: [['Place', `stage ${i + 1} of ${all.length}; the stages of a descriptor add up to its latency`]],
  }));
}

function designs(): Explanation[] {
  return DESIGNS.map((design) => {
    const { verdict, reasons } = designVerdict(design);
    return {
      kind: 'design',
      name: design.id,
      sentence: design.summary,
      facts: [
        ['Family', `${design.family}, ${design.status}`],
        ['Validity', [verdict, ...reasons].join('; ')],
        ['Control', design.control],
        ['Data', design.data],
        ['Translation', design.translation],
        ['Interrupts', `misc ${design.interrupts.misc}, completion ${design.interrupts.completion}`],
        ['Lifecycle', `${design.lifecycle}, mapping ${design.mapping}, suspend ${design.suspend}`],
        ...(design.allotment === 'function' ? [['Driver', DRIVER[design.driver ?? 'idxd']] as const] : []),
        ['Hands out', `${design.allotment}: ${design.modes.join(' or ')}`],
        ...design.notices.map((notice) => ['Notice', notice] as const),
        ...designCosts(design),
        ...(design.code ?? []).map(
          ({ lines, what, runsIn, source }) =>
            ['Code', `${lines} lines in ${runsIn}: ${what} (${source})`] as const,
        ),
        ['Sources', design.sources.join('; ')],
      ],
    };
  });
}

function events(): Explanation[] {
  return ACTIONS.map((action) => ({
    kind: 'event',
    name: action,
    sentence: ACTION_SENTENCES[action],
    facts: [['Write it', `lifecycle: [{ do: ${action} }]`]],
  }));
}

function presets(): Explanation[] {
  return PRESETS.map(({ name, summary, generation, constants }) => ({
    kind: 'preset',
    name,
    sentence: summary,
    facts: [
      ['Architecture', `DSA ${generation}`],
      ['Own constants', Object.keys(constants).join(', ') || 'none: all constants have their nominal values'],
    ],
  }));
}

function costs(): Explanation[] {
  return costRows().map(({ id, what, value, unit, conditions, source, trust }) => ({
    kind: 'cost',
    name: id,
    sentence: `${what[0]!.toUpperCase()}${what.slice(1)}.`,
    facts: [
      ['Value', `${value} ${unit}`.trim()],
      ...(conditions === '' ? [] : [['Conditions', conditions] as const]),
      ['Trust', TRUST[trust]],
      ['Source', source],
      ['Cited by', citedBy(id).join(', ') || 'comments and documents alone'],
    ],
  }));
}

/** Constants whose source names a cost. */
function citedBy(id: string): string[] {
  const cited = new RegExp(`\\b${id}\\b`);
  return PARAMETERS.filter(({ source }) => cited.test(source)).map(({ name }) => name);
}

function codes(): Explanation[] {
  const workload = Object.entries(CODES).map(([name, { severity, message, remedy }]) => ({
    kind: 'code' as const,
    name: `DSASIM_${name}`,
    sentence: filled(message),
    facts: [
      ['What to do', filled(remedy)],
      ['Exit code', severity === 'error' ? '2: the workload is wrong' : 'a warning: none'],
    ] as const,
  }));
  const others = (
    [
      [CLI_CODES, exitOfCommandLine],
      [DOCUMENT_CODES, () => '2, or 3 where it is the baseline of a gate'],
      [RUN_CODES, () => '4: the simulation failed, or its result could not be written'],
      [GATE_CODES, () => '3: not comparable'],
    ] as const
  ).flatMap(([table, exit]) =>
    Object.entries(table).map(([name, { meaning, remedy }]) => ({
      kind: 'code' as const,
      name,
      sentence: meaning,
      facts: [['What to do', remedy] as const, ['Exit code', exit(name)] as const],
    })),
  );
  const kernel = Object.entries(SIMULATION_CODES).map(([name, sentence]) => ({
    kind: 'code' as const,
    name,
    sentence,
    facts: [
      ['What to do', 'A mistake of the model, never of a workload: report it with the workload.'],
      ['Exit code', '4: the simulation failed'],
    ] as const,
  }));
  return [...workload, ...others, ...kernel];
}

function exitOfCommandLine(name: string): string {
  if (name.startsWith('DSASIM_C')) return '2: wrong command line';
  return name.startsWith('DSASIM_X')
    ? '2; in the stream of --ndjson the answer to that line'
    : '4: the simulation failed, or its result could not be written';
}

/** A template with its places named as a reader expects them: `{path}` becomes `<path>`. */
function filled(template: string): string {
  return template.replace(/\{(\w+)\}/g, '<$1>');
}
