import { expect, it } from 'vitest';
import { reservations } from '../../src/report/notices.js';
import { overview } from '../../src/report/overview.js';
import { sampleResults } from './sample-results.js';

const told = (placement: string, devices: number) => {
  const results = sampleResults();
  for (const point of results.points) point.devices = devices;
  results.settings.common['tenants.guest.buffers.placement'] = { value: placement, unit: '' };
  return reservations(overview(results)).filter((text) => text.includes('unvalidated'));
};

it('far memory and several devices are called unvalidated, local memory and one device are not', () => {
  expect(told('dram', 1)).toEqual([]);
  expect(told('llc', 1)).toEqual([]);
  expect(told('cxl', 1)).toEqual(['No measured row checks CXL memory: such numbers are unvalidated.']);
  expect(told('remote', 2)).toEqual([
    "No measured row checks another socket's memory and several devices on the memory of a socket: such numbers are unvalidated.",
  ]);
});
