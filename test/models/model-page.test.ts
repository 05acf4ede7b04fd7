/** docs/model.md names constants; a constant that is renamed or added must move with it. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PARAMETERS } from '../../src/models/parameters.js';

const page = readFileSync(new URL('../../docs/model.md', import.meta.url), 'utf8');
const named = new Set([...page.matchAll(/`([a-z]+\.[a-z0-9_]+)`/g)].map(([, name]) => name!));
const declared = PARAMETERS.map((p) => p.name as string);

/** The device's shape is a matter of configuration, not of a mechanism. */
const SHAPE = ['engines', 'groups', 'work_queues', 'work_queue_entries', 'max_batch', 'max_transfer'].map(
  (name) => `device.${name}`,
);

test('the page names at least fifty constants', () => {
  expect(named.size).toBeGreaterThan(50);
});

test('every constant that the page names exists', () => {
  expect([...named].filter((name) => !declared.includes(name))).toEqual([]);
});

test('every constant of the data path is explained on the page', () => {
  const dataPath = declared.filter((name) => name.includes('.') && !SHAPE.includes(name));
  expect(dataPath.filter((name) => !named.has(name))).toEqual([]);
});
