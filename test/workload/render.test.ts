import { describe, expect, test } from 'vitest';
import { type Diagnostic, diagnostic, sortDiagnostics } from '../../src/workload/diagnostics.js';
import { nearest } from '../../src/workload/nearest.js';
import { positionOf, renderDiagnostic, renderDiagnostics } from '../../src/workload/render.js';

const TEXT = ['devices:', '  - groups:', '    - work_queues:', '    - { mode: dedicatd, size: 64 }', ''].join(
  '\n',
);
const source = { name: 'workloads/bad.yaml', text: TEXT };
const spanOf = (token: string) => ({
  source,
  start: TEXT.indexOf(token),
  end: TEXT.indexOf(token) + token.length,
});

const misspelt = diagnostic(
  'W012',
  spanOf('dedicatd'),
  { path: 'devices[0].groups[0].work_queues[1].mode', expected: '"shared" or "dedicated"' },
  'dedicated',
);

describe('a diagnostic is shown the way compilers do', () => {
  test('code, path, file:line:column, the line, a caret under the token, did you mean', () => {
    expect(renderDiagnostic(misspelt)).toBe(
      [
        'error[DSASIM_W012]: devices[0].groups[0].work_queues[1].mode: expected "shared" or "dedicated"',
        '  --> workloads/bad.yaml:4:15',
        '   |',
        ' 4 |     - { mode: dedicatd, size: 64 }',
        '   |               ^^^^^^^^ did you mean "dedicated"?',
      ].join('\n'),
    );
    const lines = renderDiagnostic(misspelt).split('\n');
    expect(lines[4]!.indexOf('^')).toBe(lines[3]!.indexOf('dedicatd'));
  });

  test('one that has no place shows its remedy on a line of its own', () => {
    const d = diagnostic('W001', null, { file: 'x.yaml', reason: 'no such file' });
    expect(renderDiagnostic(d)).toBe(
      'error[DSASIM_W001]: cannot read x.yaml: no such file\n  = give the path of a file that can be read',
    );
  });

  test('colour is written only when asked for, and adds nothing but colour', () => {
    const ESC = String.fromCharCode(27);
    expect(renderDiagnostic(misspelt)).not.toContain(ESC);
    const colored = renderDiagnostic(misspelt, { color: true });
    expect(colored).toContain(ESC);
    expect(colored.replaceAll(new RegExp(`${ESC}\\[[0-9;]*m`, 'g'), '')).toBe(renderDiagnostic(misspelt));
  });

  test('tabs before the token stand under themselves', () => {
    const text = '\t\tmode: x';
    const d = { ...misspelt, span: { source: { name: 'a', text }, start: 8, end: 9 } };
    const [, , , line, caret] = renderDiagnostic(d).split('\n');
    expect(line).toBe(' 1 | \t\tmode: x');
    expect(caret!.startsWith('   | \t\t      ^ ')).toBe(true);
  });

  test('a very long line is cut around the token', () => {
    const text = `${'a'.repeat(500)}TOKEN${'b'.repeat(500)}`;
    const d = { ...misspelt, span: { source: { name: 'a', text }, start: 500, end: 505 } };
    const [, place, , line, caret] = renderDiagnostic(d).split('\n');
    expect(place).toContain('a:1:501');
    expect(line!.length).toBeLessThan(140);
    expect(line!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1)).toBe('TOKEN');
  });

  test('a workload cannot send control characters to the terminal', () => {
    const ESC = String.fromCharCode(27);
    const text = `mode: ${ESC}[2Jx`;
    const d = {
      ...misspelt,
      message: `found ${ESC}[31m`,
      span: { source: { name: `a${ESC}`, text }, start: 6, end: 7 },
    };
    expect(renderDiagnostic(d)).not.toContain(ESC);
  });

  test('a span over several lines is underlined to the end of its first line', () => {
    const d = { ...misspelt, span: { source, start: 0, end: TEXT.length } };
    expect(renderDiagnostic(d)).toContain(' 1 | devices:\n   | ^^^^^^^^ did');
  });

  test('lines end with and without a carriage return alike', () => {
    const text = 'a: 1\r\nb: 2\r\n';
    expect(positionOf({ source: { name: 'a', text }, start: 6, end: 7 })).toEqual({
      line: 2,
      column: 1,
      lineText: 'b: 2',
    });
  });
});

describe('many diagnostics are shown in order, each once', () => {
  const at = (start: number, name = 'main', message = 'm'): Diagnostic => ({
    ...misspelt,
    message,
    span: { source: { name, text: TEXT }, start, end: start + 1 },
  });

  test('by position, the main file first', () => {
    const sorted = sortDiagnostics([at(9, 'b'), at(20), at(3, 'a'), at(3)], 'main');
    expect(sorted.map((d) => `${d.span!.source.name}:${d.span!.start}`)).toEqual([
      'main:3',
      'main:20',
      'a:3',
      'b:9',
    ]);
  });

  test('what several points of a sweep find is told once', () => {
    expect(sortDiagnostics([at(3), at(3), at(3, 'main', 'other')], 'main')).toHaveLength(2);
    expect(renderDiagnostics([at(3), at(4)]).split('\n\n')).toHaveLength(2);
  });
});

describe('did you mean', () => {
  const known = ['mode', 'size', 'threshold', 'engine.bandwidth', 'block_on_fault'];
  test.each([
    ['mdoe', 'mode'],
    ['Size', 'size'],
    ['treshold', 'threshold'],
    ['bandwidth', 'engine.bandwidth'],
    ['zzz', undefined],
    ['', undefined],
  ])('%j → %s', (written, expected) => {
    expect(nearest(written, known)).toBe(expected);
  });

  test.each([
    ['memcpy', 'memmove'],
    ['MEMSET', 'fill'],
    ['memcmp', 'compare'],
    ['crc32', 'crc'],
  ])('%j, as it is called elsewhere → %s', (written, expected) => {
    expect(nearest(written, ['memmove', 'fill', 'compare', 'crc'])).toBe(expected);
    // Elsewhere the word stands for itself.
    expect(nearest(written, ['engines'])).toBeUndefined();
  });
});
