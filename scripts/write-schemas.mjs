// Writes schema/*.json from the compiled schemas: `npm run schema`. A test fails when they are stale.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resultsSchema } from '../dist/experiment/results.js';
import { execProgramSchema } from '../dist/workload/exec-program.js';
import { execResultSchema } from '../dist/workload/exec-result.js';
import { jsonSchemaText, workloadSchemaText } from '../dist/workload/json-schema.js';

const folder = new URL('../schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
const schemas = {
  'workload.schema.json': workloadSchemaText(),
  'results.schema.json': jsonSchemaText(resultsSchema, 'results'),
  'exec-program.schema.json': jsonSchemaText(execProgramSchema, 'exec-program'),
  'exec-result.schema.json': jsonSchemaText(execResultSchema, 'exec-result'),
};
for (const [file, text] of Object.entries(schemas)) {
  writeFileSync(new URL(file, folder), text);
  console.log(`schema/${file}: ${text.length} bytes`);
}
