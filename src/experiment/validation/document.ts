/** A validation as one JSON document, and what it was made from. */
import { createHash } from 'node:crypto';
import type { Score } from '../../analysis/scoring.js';
import type { PresetName } from '../../workload/presets.js';
import type { Json } from '../canonical.js';
import { FITTED } from './fitted.js';
import { valuesOf } from './platforms.js';
import type { FamilyResult, Validation } from './validation.js';

/** Version of the document's form. */
const VALIDATION_SCHEMA_VERSION = 1;

/** SHA-256 digests of what a validation depends on beside the code, in hexadecimal. */
export interface InputDigests {
  /** The measured rows. */
  readonly measured: string;
  /** All constants. */
  readonly constants: string;
}

/** See {@link InputDigests}. */
export function inputDigests(measuredCsv: string, preset: PresetName): InputDigests {
  return { measured: sha256(measuredCsv), constants: sha256(JSON.stringify(valuesOf(preset))) };
}

/** The document. */
export function validationDocument(validation: Validation, version: string, inputs: InputDigests): Json {
  const { preset, families, excluded, total, leftOut } = validation;
  return {
    schema_version: VALIDATION_SCHEMA_VERSION,
    kind: 'validation',
    version,
    preset,
    inputs: { ...inputs },
    rows_in_file: total,
    fitted_constants: FITTED.map(({ name }) => name),
    families: families.map(familyJson),
    left_out: leftOut.map(({ operation, without, preset: fitted }) => ({
      operation,
      rows: without.rows,
      without: { median: without.median, p90: without.p90 },
      fitted: { median: fitted.median, p90: fitted.p90 },
    })),
    excluded: excluded.map(({ row, reason }) => ({ id: row.id, reason })),
    rows: families.flatMap(({ rows }) =>
      rows.map(({ row, family, pair, error, problem, rooflineError }) => ({
        id: row.id,
        family,
        measured: pair?.measured ?? (row.unit === 'formula' ? null : Number(row.value)),
        simulated: pair?.simulated ?? null,
        unit: row.unit,
        error: family === 'software' ? null : error,
        roofline_error: rooflineError,
        problem,
      })),
    ),
  };
}

function familyJson({ family, rows, score, roofline, held }: FamilyResult): Json {
  const pair = (value: Score | undefined): Json =>
    value === undefined ? null : { median: value.median, p90: value.p90 };
  return {
    id: family.id,
    title: family.title,
    rows: rows.length,
    median: score?.median ?? null,
    p90: score?.p90 ?? null,
    worst: score === null ? null : rows[score.worst]!.row.id,
    bounds: { median: family.medianBound, p90: family.p90Bound },
    held,
    roofline: pair(roofline?.roofline),
    simulator_on_roofline_rows: pair(roofline?.simulator),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
