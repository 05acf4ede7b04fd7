#!/usr/bin/env node
/**
 * Fits the model's constants to the calibration set and prints them; writes nothing.
 *
 *   npm run calibrate                         all rows
 *   npm run calibrate -- --leave-out fill     without the rows of one operation
 */
import { parseArgs } from 'node:util';
import { calibrate } from '../dist/experiment/validation/calibrate.js';
import { measuredText, parseMeasured } from '../dist/experiment/validation/measured.js';
import { parameterDeclaration } from '../dist/models/parameters.js';

const { values } = parseArgs({
  options: {
    preset: { type: 'string', default: 'spr' },
    'leave-out': { type: 'string' },
    workers: { type: 'string' },
  },
});

const result = await calibrate(parseMeasured(measuredText()), {
  preset: values.preset,
  ...(values['leave-out'] === undefined ? {} : { leaveOut: values['leave-out'] }),
  ...(values.workers === undefined ? {} : { workers: Number(values.workers) }),
  onStep: ({ name, loss, evaluations, pass }) => {
    process.stderr.write(`${pass} ${String(evaluations).padStart(5)} ${loss.toFixed(4)} ${name}\n`);
  },
});

process.stdout.write(
  `loss ${result.startLoss.toFixed(4)} -> ${result.loss.toFixed(4)} in ${result.evaluations} settings\n\n`,
);
const names = Object.keys(result.chosen);
const widest = Math.max(0, ...names.map((name) => name.length));
for (const name of names) {
  const { nominal } = parameterDeclaration(name);
  process.stdout.write(`${name.padEnd(widest)}  ${nominal} -> ${result.chosen[name]}\n`);
}
process.stdout.write(`\n${JSON.stringify(result.chosen)}\n`);
