import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { resultsSchema } from '../../src/experiment/results.js';
import { PARAMETERS } from '../../src/models/parameters.js';
import { jsonSchemaText, workloadSchemaText } from '../../src/workload/json-schema.js';

const committed = (file: string): string =>
  readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8');

describe('committed JSON Schemas', () => {
  test('are what the code would write now: run `npm run schema` after a change', () => {
    expect(committed('workload.schema.json')).toBe(workloadSchemaText());
    expect(committed('results.schema.json')).toBe(jsonSchemaText(resultsSchema, 'results'));
  });

  interface Node {
    description?: string;
    properties?: Record<string, Node>;
    items?: Node;
    anyOf?: Node[];
    additionalProperties?: unknown;
    $ref?: string;
    type?: unknown;
  }

  const schema = JSON.parse(workloadSchemaText()) as Node & { $id: string; $defs: Record<string, Node> };

  test('describe every key of a workload, and refuse all others', () => {
    const undescribed: string[] = [];
    const open: string[] = [];
    const visit = (node: Node, path: string): void => {
      if (node.$ref !== undefined) visit(schema.$defs[node.$ref.split('/').at(-1)!]!, path);
      if (node.properties !== undefined && path !== '.sweep' && node.additionalProperties !== false)
        open.push(path);
      for (const [key, inner] of Object.entries(node.properties ?? {})) {
        if (inner.description === undefined && key !== 'zip') undescribed.push(`${path}.${key}`);
        visit(inner, `${path}.${key}`);
      }
      if (node.items !== undefined) visit(node.items, `${path}[]`);
      for (const inner of node.anyOf ?? []) visit(inner, path);
    };
    visit(schema, '');
    expect([undescribed, open]).toEqual([[], []]);
  });

  test('know every constant of the model with its sentence', () => {
    const text = workloadSchemaText();
    for (const { name, sentence } of PARAMETERS) {
      expect(text).toContain(JSON.stringify(name));
      expect(text).toContain(JSON.stringify(sentence).slice(1, -1));
    }
    expect(PARAMETERS.length).toBeGreaterThan(40);
  });

  test('patterns of quantities accept what the reader accepts', () => {
    const patterns = [...workloadSchemaText().matchAll(/"pattern": ("(?:[^"\\]|\\.)*")/g)].map(
      (m) => new RegExp(JSON.parse(m[1]!) as string),
    );
    for (const text of ['200us', '4 KiB', '31.9GB/s', '2M/s', '1%', '1e3ns']) {
      expect(patterns.some((pattern) => pattern.test(text))).toBe(true);
    }
    expect(
      patterns.filter((pattern) => pattern.source.includes('KiB')).some((pattern) => pattern.test('200')),
    ).toBe(false);
  });
});
