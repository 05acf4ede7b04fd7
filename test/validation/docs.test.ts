import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { inputDigests } from '../../src/experiment/validation/document.js';
import { measuredText, parseMeasured } from '../../src/experiment/validation/measured.js';
import { type Validation, validate } from '../../src/experiment/validation/validation.js';
import { DOCS_FILE, inputsLine, validationMarkdown } from '../../src/report/validation-markdown.js';

const REMEDY = 'run: npm run build && node dist/cli/main.js validate --write-docs';
const page = readFileSync(DOCS_FILE, 'utf8');
const inputs = inputDigests(measuredText(), 'spr');

describe('docs/validation.md', () => {
  it('was made from these rows and these constants', () => {
    expect(page.split('\n')[0], REMEDY).toBe(inputsLine(inputs));
  });

  it('tells other constants and other rows apart', () => {
    expect(inputDigests(`${measuredText()} `, 'spr').measured).not.toBe(inputs.measured);
    expect(inputs.constants).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the whole calibration set, simulated', () => {
  let validation: Validation;
  beforeAll(async () => {
    validation = await validate(parseMeasured(measuredText()), { preset: 'spr' });
  });

  it('keeps the bounds of every family', () => {
    const broken = validation.families.filter((f) => !f.held);
    expect(broken.map((f) => [f.family.id, f.score!.median, f.score!.p90])).toEqual([]);
  });

  it('accounts for every row once', () => {
    const ids = [
      ...validation.families.flatMap((f) => f.rows.map(({ row }) => row.id)),
      ...validation.excluded.map(({ row }) => row.id),
    ];
    expect(new Set(ids).size).toBe(1224);
    expect(ids).toHaveLength(1224);
  });

  it('is what the page of the docs says', () => {
    expect(validationMarkdown(validation, inputs), REMEDY).toBe(page);
  });
});
