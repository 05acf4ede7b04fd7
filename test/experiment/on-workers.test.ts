import { expect, it } from 'vitest';
import { onWorkers } from '../../src/experiment/on-workers.js';
import { workerFile } from './fixtures/workers.js';

it('imports the module of a worker and never requires it: Node 20 aborts where that is ended midway', async () => {
  const file = workerFile(`
    Error.stackTraceLimit = 100;
    const { stack } = new Error('loaded');
    export default () => stack;
  `);
  const stacks: string[] = [];
  await onWorkers<null, string>([null], {
    file,
    workers: 1,
    interrupted: () => new Error('interrupted'),
    take: (stack) => stacks.push(stack),
  });
  expect(stacks).toHaveLength(1);
  expect(stacks[0]).toMatch(/^Error: loaded\n.*worker\.mjs:3/);
  expect(stacks[0]).toMatch(/esm\/loader/);
  expect(stacks[0]).not.toMatch(/\brequire\b|cjs\/loader/);
});
