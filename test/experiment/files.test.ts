import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { OutputError } from '../../src/experiment/errors.js';
import { writeWhole } from '../../src/experiment/files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsasim-files-'));
});

describe('a file written whole', () => {
  it('appears with all its pieces, in folders that did not exist, and leaves nothing beside it', async () => {
    const path = join(folder, 'a', 'b', 'out.json');
    await writeWhole(path, ['[', '1', ']\n']);
    expect(await readFile(path, 'utf8')).toBe('[1]\n');
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['out.json']);
  });

  it('leaves the old file as it was when its maker fails half-way', async () => {
    const path = join(folder, 'out.json');
    await writeFile(path, 'old');
    function* pieces(): Generator<string> {
      yield 'x'.repeat(1 << 20);
      throw new TypeError('half-way');
    }
    await expect(writeWhole(path, pieces())).rejects.toThrow(TypeError);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['out.json']);
  });

  it('says what is in the way and removes its temporary file', async () => {
    const path = join(folder, 'out.json');
    await mkdir(path);
    await expect(writeWhole(path, ['text'])).rejects.toThrow(OutputError);
    await expect(writeWhole(path, ['text'])).rejects.toThrow(`cannot write ${path}: it is a directory`);
    expect(await readdir(folder)).toEqual(['out.json']);
    await writeFile(join(folder, 'file'), '');
    await expect(writeWhole(join(folder, 'file', 'out.json'), ['text'])).rejects.toThrow(
      /a file is in the way/,
    );
  });

  it('leaves the old file and no other when the system takes no more bytes', async () => {
    const path = join(folder, 'out.json');
    await writeFile(path, 'old');
    const script = `
      import { writeWhole } from ${JSON.stringify(new URL('../../dist/experiment/files.js', import.meta.url).href)};
      await writeWhole(process.argv[1], ['y'.repeat(1 << 20)]).catch((error) => console.log(error.message));
    `;
    // The shell's limit on file size [KiB] stands for a disk that fills up.
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      'ulimit -f 16 && exec "$0" --input-type=module -e "$1" "$2"',
      process.execPath,
      script,
      path,
    ]);
    expect(stdout).toBe(`cannot write ${path}: the file would be larger than the system allows\n`);
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['out.json']);
  });
});
