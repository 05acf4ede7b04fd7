#!/usr/bin/env node
/**
 * Fits the model's constants to the calibration set and prints them; writes nothing.
 *
 *   npm run calibrate                         what to set the nominal values to
 *   npm run calibrate -- --leave-out fill     the same without the rows of one operation
 *   npm run -s calibrate -- --left-out > data/calibration/left-out.json
 *                                             each operation left out in turn, as dsasim validate reads it
 */
import { parseArgs } from 'node:util';
import { calibrate } from '../dist/experiment/validation/calibrate.js';
import { LEFT_OUT_OPERATIONS } from '../dist/experiment/validation/left-out.js';
import { measuredText, parseMeasured } from '../dist/experiment/validation/measured.js';
import { parameterDeclaration } from '../dist/models/parameters.js';

const { values } = parseArgs({
  options: {
    preset: { type: 'string', default: 'spr' },
    'leave-out': { type: 'string' },
    'left-out': { type: 'boolean', default: false },
    workers: { type: 'string' },
  },
});
const rows = parseMeasured(measuredText());

async function choose(leaveOut) {
  const result = await calibrate(rows, {
    preset: values.preset,
    ...(leaveOut === undefined ? {} : { leaveOut }),
    ...(values.workers === undefined ? {} : { workers: Number(values.workers) }),
    onStep: ({ name, loss, evaluations, pass }) => {
      process.stderr.write(`${pass} ${String(evaluations).padStart(5)} ${loss.toFixed(4)} ${name}\n`);
    },
  });
  const { startLoss, loss, evaluations } = result;
  process.stderr.write(
    `loss ${startLoss.toFixed(4)} -> ${loss.toFixed(4)} in ${evaluations} settings` +
      `${leaveOut === undefined ? '' : ` without ${leaveOut}`}\n`,
  );
  return result.chosen;
}

if (values['left-out']) {
  const table = {};
  for (const operation of LEFT_OUT_OPERATIONS) table[operation] = await choose(operation);
  process.stdout.write(`${JSON.stringify(table, null, 2)}\n`);
} else {
  const chosen = await choose(values['leave-out']);
  const widest = Math.max(0, ...Object.keys(chosen).map((name) => name.length));
  for (const [name, value] of Object.entries(chosen)) {
    process.stdout.write(`${name.padEnd(widest)}  ${parameterDeclaration(name).nominal} -> ${value}\n`);
  }
}
