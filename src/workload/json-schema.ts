/** The JSON Schema of workload files, for editors. */
import { z } from 'zod';
import { workloadSchema } from './schema.js';

/**
 * The text of a JSON Schema file for a zod schema, as people write the value.
 * @param what names it in its `$id`
 */
export function jsonSchemaText(schema: z.ZodType, what: string): string {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify({ $schema, $id: `urn:dsasim:${what}`, ...rest }, null, 2)}\n`;
}

/** The text of `schema/workload.schema.json`. */
export function workloadSchemaText(): string {
  return jsonSchemaText(workloadSchema, 'workload');
}
