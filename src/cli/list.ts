/** `dsasim list`: what the simulator knows. */
import { Argument, Command } from 'commander';
import { workloadOptions } from './options.js';
import { paint, print, wantsColour, widthOf } from './terminal.js';

/** What can be listed. */
const TOPICS = ['designs', 'presets', 'operations', 'parameters', 'metrics'] as const;
type Topic = (typeof TOPICS)[number];

/** Version of the `--json` form. */
const LIST_SCHEMA_VERSION = 1;

/** A thing that is listed: its name, what stands beside it, and one sentence. */
interface Row {
  name: string;
  notes: string[];
  sentence: string;
  /** All of it, for `--json`. */
  item: unknown;
}

/** The command. */
export function listCommand(done: (exit: number) => void): Command {
  return new Command('list')
    .description('List the designs, presets, operations, parameters or metrics that there are.')
    .addArgument(new Argument('<what>', 'what to list').choices(TOPICS))
    .addOption(workloadOptions.json('the list'))
    .addHelpText('after', '\nExample:\n  $ dsasim list designs')
    .action(async (topic: Topic, flags: { json?: boolean }) => {
      const rows = await ROWS[topic]();
      if (flags.json === true) {
        const list = {
          schema_version: LIST_SCHEMA_VERSION,
          kind: 'list',
          of: topic,
          items: rows.map((r) => r.item),
        };
        const { canonicalText } = await import('../experiment/canonical.js');
        await print(canonicalText(list as never));
      } else await print(text(rows));
      done(0);
    });
}

const ROWS: Record<Topic, () => Promise<Row[]>> = {
  designs: async () => {
    const { DESIGNS } = await import('../models/virtualization/designs.js');
    const { designVerdict } = await import('../models/virtualization/validity.js');
    return DESIGNS.map((design) => {
      const { verdict, reasons } = designVerdict(design);
      return {
        name: design.id,
        notes: [design.family, design.status],
        sentence: design.summary,
        item: { ...design, validity: verdict, reasons },
      };
    });
  },
  presets: async () => {
    const { PRESETS } = await import('../workload/presets.js');
    return Object.values(PRESETS).map((preset) => ({
      name: preset.name,
      notes: [],
      sentence: preset.summary,
      item: preset,
    }));
  },
  operations: async () => {
    const { operationRules } = await import('../core/operations.js');
    return operationRules().map((rule) => {
      const opcode = `0x${rule.opcode.toString(16).padStart(2, '0')}`;
      return {
        name: rule.name,
        notes: [opcode, `DSA ${rule.generation}`],
        sentence: '',
        item: { name: rule.name, opcode, generation: rule.generation },
      };
    });
  },
  parameters: async () => {
    const { PARAMETERS } = await import('../models/parameters.js');
    const { formatQuantity } = await import('../workload/format.js');
    const { SI_UNIT, toSi } = await import('../workload/internal.js');
    return PARAMETERS.map((p) => {
      const unit = SI_UNIT[p.dimension];
      const low = toSi(p.dimension, p.low);
      const nominal = toSi(p.dimension, p.nominal);
      const high = toSi(p.dimension, p.high);
      const show = (value: number): string => formatQuantity(value, unit);
      return {
        name: p.name,
        notes: [`${show(nominal)} (${show(low)} to ${show(high)})`, p.trust],
        sentence: `${p.sentence} Source: ${p.source}`,
        item: { ...p, unit, low, nominal, high },
      };
    });
  },
  metrics: async () => {
    const { METRICS } = await import('../models/metrics.js');
    return METRICS.map((metric) => ({
      name: metric.name,
      notes: [
        metric.unit === '' ? 'number' : metric.unit,
        `${metric.better} is better`.replace('neither is better', '-'),
      ],
      sentence: metric.sentence,
      item: metric,
    }));
  },
};

/** Name and notes on a line, the sentence below it, wrapped to the window. */
function text(rows: readonly Row[]): string {
  const colour = wantsColour(process.stdout);
  const widest = Math.max(...rows.map((row) => row.name.length));
  const width = Math.max(40, Math.min(widthOf(process.stdout), 120)) - 4;
  return rows
    .map((row) => {
      const head = `${paint('bold', row.name.padEnd(widest), colour)}  ${row.notes.join('  ')}`.trimEnd();
      const lines = wrap(row.sentence, width).map((line) => `    ${line}`);
      return `${[head, ...lines].join('\n')}\n`;
    })
    .join('');
}

/** Breaks text at blanks. */
function wrap(sentence: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of sentence.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
