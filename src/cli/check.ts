/** `dsasim check`: validates a workload and prints what it amounts to. */
import { Command } from 'commander';
import type { ResolvedValue } from '../workload/resolved.js';
import type { Workload } from '../workload/workload.js';
import { type WorkloadFlags, workloadOptions } from './options.js';
import { load } from './simulate.js';
import { paint, print, wantsColour } from './terminal.js';

/** Version of the `--json` form. */
const CHECK_SCHEMA_VERSION = 1;

const VALUE_WIDTH = 16;

/** The command. */
export function checkCommand(done: (exit: number) => void): Command {
  return new Command('check')
    .description('Validate a workload and print every resolved value with where it comes from.')
    .argument('<workload.yaml>', 'workload file')
    .addOption(workloadOptions.seed())
    .addOption(workloadOptions.replications())
    .addOption(workloadOptions.set())
    .addOption(workloadOptions.json('the resolved workload'))
    .addOption(workloadOptions.quiet())
    .addHelpText(
      'after',
      '\nExample:\n  $ dsasim check workloads/quickstart.yaml --set tenants.process.batch=32',
    )
    .action(async (path: string, flags: WorkloadFlags) => {
      const workload = await load(path, flags);
      const { describeResolved } = await import('../workload/resolved.js');
      const values = describeResolved(workload);
      if (flags.json === true) {
        const { canonicalText } = await import('../experiment/canonical.js');
        await print(canonicalText(document(workload, values) as never));
      } else if (flags.quiet !== true) await print(text(workload, values, wantsColour(process.stdout)));
      done(0);
    });
}

function document(workload: Workload, values: readonly ResolvedValue[]): unknown {
  return {
    schema_version: CHECK_SCHEMA_VERSION,
    kind: 'check',
    workload: workload.name,
    points: workload.points.map((point) => ({ key: point.key, design: point.design, at: point.at })),
    replications: workload.measure.replications,
    values: values.map(({ path, value, origin }) => ({ path, value, origin })),
    warnings: workload.warnings.map(({ code, message }) => ({ code, message })),
  };
}

/** Path, value and origin in columns; a value that is wider than its column moves what follows. */
function text(workload: Workload, values: readonly ResolvedValue[], colour: boolean): string {
  const pathWidth = Math.max(...values.map(({ path }) => path.length));
  const lines = values.map(
    ({ path, value, origin }) =>
      `${path.padEnd(pathWidth)}  ${value.padEnd(VALUE_WIDTH)}  ${paint('dim', origin, colour)}\n`,
  );
  return `${lines.join('')}\n${summary(workload)}\n`;
}

/** How much there is to simulate. */
function summary({ name, points, designs, measure }: Workload): string {
  const { replications } = measure;
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  return (
    `${name} is valid: ${count(points.length, 'point')} of ${count(designs.length, 'design')}, ` +
    `${count(replications, 'replication')} each, ${count(points.length * replications, 'simulation')}`
  );
}
