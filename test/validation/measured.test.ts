import { describe, expect, it } from 'vitest';
import {
  measuredText,
  measuredValue,
  parseMeasured,
  wholeCell,
} from '../../src/experiment/validation/measured.js';

const HEAD = measuredText().slice(0, measuredText().indexOf('\n'));
const row = (id: string, value = '1', unit = 'ns'): string =>
  `${id},"machine, with a ""comma""",shared,1,1,nop,sync,1,1,64,64,latency,${value},${unit},,somewhere`;

describe('the table of measured numbers', () => {
  const rows = parseMeasured(measuredText());

  it('has 1,224 rows, each with a value, a unit and a source', () => {
    expect(rows).toHaveLength(1224);
    expect(rows.filter((r) => r.unit === 'formula').map((r) => r.id.slice(0, 4))).toEqual(
      new Array(9).fill('ATC_'),
    );
    for (const r of rows) expect(r.source).not.toBe('');
  });

  it('holds the numbers that its sources print', () => {
    const byId = new Map(rows.map((r) => [r.id, r]));
    expect(measuredValue(byId.get('LD1_batch_memcpy_a64_1048576')!)).toBe(29938);
    expect(measuredValue(byId.get('HE_dedicated_lat_batch_memmove_4096_n1024_median')!)).toBe(148660);
    expect(measuredValue(byId.get('LDprs_BOF1PRS_memmove')!)).toBe(0.277);
  });

  it('gives whole cells as numbers and refuses others', () => {
    const one = rows.find((r) => r.id === 'LD1_batch_memcpy_a8_64')!;
    expect(wholeCell(one, 'size_bytes')).toBe(64);
    expect(() => wholeCell(one, 'concurrency')).toThrow('streaming');
    const formula = rows.find((r) => r.unit === 'formula')!;
    expect(() => measuredValue(formula)).toThrow(formula.id);
  });
});

describe('reading such a table', () => {
  it('unquotes cells with commas and quotes', () => {
    expect(parseMeasured(`${HEAD}\n${row('a')}\n`)[0]!.platform).toBe('machine, with a "comma"');
  });

  it.each([
    ['another header', `x${HEAD}\n${row('a')}`, 'line 1'],
    ['an id that is there already', `${HEAD}\n${row('a')}\n${row('a')}`, 'line 3: a appears a second time'],
    ['a value that is no number', `${HEAD}\n${row('a', 'fast')}`, 'line 2: "fast" is no number'],
    ['an empty value', `${HEAD}\n${row('a', '')}`, 'line 2: "" is no number'],
    ['a row that is too short', `${HEAD}\na,b`, 'line 2: 2 cells instead of 16'],
    ['a row without unit', `${HEAD}\n${row('a', '1', '')}`, 'line 2: a lacks a unit or a source'],
  ])('refuses %s', (_, text, reason) => {
    expect(() => parseMeasured(text)).toThrow(reason);
  });
});
