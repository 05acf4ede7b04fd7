import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dsasim, temporaryFolder } from '../cli/dsasim.js';

describe('dsasim validate', () => {
  it('prints one family and exits with 0 when its bounds hold', async () => {
    const { code, stdout, stderr } = await dsasim(['validate', '--family', 'translation-counts', '--quiet']);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^translation-counts +9 +0\.00 % +0\.00 % +0 % \/ 0 % held/m);
    expect(code).toBe(0);
  });

  it('gives the same document for any number of workers', async () => {
    const args = ['validate', '--family', 'batch-spread', '--json', '--quiet'];
    const one = await dsasim([...args, '--workers', '1']);
    const two = await dsasim([...args, '--workers', '2']);
    expect(two.stdout).toBe(one.stdout);
    const document = JSON.parse(one.stdout);
    expect(document).toMatchObject({ schema_version: 1, kind: 'validation', rows_in_file: 1224 });
    expect(document.rows).toHaveLength(20);
    expect(document.excluded).toHaveLength(59);
  });

  it('lists the largest errors first', async () => {
    const { stdout } = await dsasim(['validate', '--family', 'devtlb', '--worst', '12', '--quiet']);
    const errors = [...stdout.matchAll(/^ {2}\S.*\(([+-][\d.]+) %\)$/gm)].map((m) => Math.abs(Number(m[1])));
    expect(errors).toHaveLength(12);
    expect([...errors].sort((a, b) => b - a)).toEqual(errors);
  });

  it('writes a page with every row in it', async () => {
    const file = join(temporaryFolder(), 'deep', 'validation.html');
    const { stderr } = await dsasim(['validate', '--family', 'batch-latency', '--html', file]);
    expect(stderr).toContain(`wrote ${file}`);
    const page = readFileSync(file, 'utf8');
    for (const n of [2, 32, 1024]) expect(page).toContain(`HE_dedicated_lat_batch_memmove_4096_n${n}_median`);
    expect(page).toContain('<svg role="img"');
  });

  it('names the families when it is asked for another', async () => {
    const { code, stderr } = await dsasim(['validate', '--family', 'sync']);
    expect(code).toBe(2);
    expect(stderr).toContain('sync-aligned');
  });

  it('does not write the docs from one family', async () => {
    const { code, stderr } = await dsasim(['validate', '--family', 'devtlb', '--write-docs']);
    expect(code).toBe(2);
    expect(stderr).toContain('leave --family out');
    expect(existsSync('docs/validation.md')).toBe(true);
  });
});
