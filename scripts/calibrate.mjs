#!/usr/bin/env node
/**
 * Fits the model's constants to the calibration set, from the nominal values on, until no single step of a constant makes
 * the loss smaller. The committed constants are where it comes to rest.
 *
 *   npm run calibrate                         what to set the nominal values to
 *   npm run calibrate -- --write              sets them, in src/models and data/calibration/fit.json
 *   npm run calibrate -- --check              fails when any constant would move
 *   npm run calibrate -- --leave-out fill     the fit without the rows of one operation, from the middle of the ranges
 *   npm run calibrate -- --left-out           each operation left out in turn: writes data/calibration/left-out.json
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { calibrate } from '../dist/experiment/validation/calibrate.js';
import { FITTED } from '../dist/experiment/validation/fitted.js';
import { LEFT_OUT_OPERATIONS } from '../dist/experiment/validation/left-out.js';
import { measuredText, parseMeasured } from '../dist/experiment/validation/measured.js';

const PARAMETER_FILES = [
  'host/parameters',
  'device/parameters',
  'device/engine-parameters',
  'device/access-parameters',
  'memory/parameters',
  'translation/parameters',
].map((file) => new URL(`../src/models/${file}.ts`, import.meta.url));
const FIT = new URL('../data/calibration/fit.json', import.meta.url);
const LEFT_OUT = new URL('../data/calibration/left-out.json', import.meta.url);

const { values } = parseArgs({
  options: {
    preset: { type: 'string', default: 'spr' },
    'leave-out': { type: 'string' },
    'left-out': { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    workers: { type: 'string' },
  },
});
const rows = parseMeasured(measuredText());

async function choose(leaveOut) {
  const result = await calibrate(rows, {
    preset: values.preset,
    ...(leaveOut === undefined ? {} : { leaveOut }),
    ...(values.workers === undefined ? {} : { workers: Number(values.workers) }),
    onStep: ({ name, loss, round, step }) => {
      process.stderr.write(`${round} 1/${1 / step} ${loss.toFixed(4)} ${name}\n`);
    },
  });
  const { startLoss, loss, evaluations, settled } = result;
  process.stderr.write(
    `loss ${startLoss.toFixed(4)} -> ${loss.toFixed(4)} in ${evaluations} settings` +
      `${leaveOut === undefined ? '' : ` without ${leaveOut}`}, ${settled ? 'at rest' : 'stopped while it still moved'}\n`,
  );
  return result;
}

/** A value as the declarations write it. */
function written({ dimension }, value) {
  if (dimension === 'time') return `ns(${value / 1000})`;
  if (dimension === 'bandwidth') return `gigabytesPerSecond(${value / 1e9})`;
  return String(value);
}

function writeNominal(parameter, value) {
  const declared = new RegExp(
    `(name: '${parameter.name.replace('.', '\\.')}',[^}]*?nominal: )[^\\n]*?(,\\n)`,
  );
  for (const file of PARAMETER_FILES) {
    const text = readFileSync(file, 'utf8');
    if (declared.test(text)) {
      writeFileSync(file, text.replace(declared, `$1${written(parameter, value)}$2`));
      return;
    }
  }
  throw new Error(`no file declares ${parameter.name}`);
}

if (values['left-out']) {
  const table = {};
  for (const operation of LEFT_OUT_OPERATIONS) {
    table[operation] = (await choose(operation)).chosen;
    writeFileSync(LEFT_OUT, `${JSON.stringify(table, null, 2)}\n`);
  }
} else {
  const { chosen, loss, settled } = await choose(values['leave-out']);
  const moved = FITTED.filter(({ name, nominal }) => (chosen[name] ?? nominal) !== nominal);
  for (const parameter of moved) {
    const { name, nominal } = parameter;
    process.stdout.write(`${name}  ${written(parameter, nominal)} -> ${written(parameter, chosen[name])}\n`);
  }
  if (values.write) {
    for (const parameter of moved) writeNominal(parameter, chosen[parameter.name]);
    const constants = Object.fromEntries(FITTED.map(({ name, nominal }) => [name, chosen[name] ?? nominal]));
    writeFileSync(FIT, `${JSON.stringify({ loss, constants }, null, 2)}\n`);
  }
  if (values.check && (moved.length > 0 || !settled)) {
    process.stderr.write('the committed constants are not where the calibration comes to rest\n');
    process.exitCode = 1;
  }
}
