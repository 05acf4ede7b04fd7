/** Reads a program of `dsasim exec` from a YAML or JSON file. */
import { type Diagnostic, diagnostic, sortDiagnostics, WorkloadError } from './diagnostics.js';
import { type ExecProgram, readProgram } from './exec-program.js';
import { Files, type ReadFile } from './files.js';
import { pathText } from './path.js';
import { readYaml } from './source.js';

/**
 * Loads a program.
 * @param path of the file
 * @param readFile reads a file as text; the file system's by default
 * @throws WorkloadError with all problems, each at its place in the file
 */
export function loadProgram(path: string, readFile?: ReadFile): ExecProgram {
  const problems: Diagnostic[] = [];
  const source = new Files(path, readFile).main(problems);
  const yaml = source === null ? null : readYaml(source, 0, problems);
  if (yaml === null) throw new WorkloadError(sortDiagnostics(problems, path));
  const read = readProgram(yaml.value);
  if ('program' in read) return read.program;
  const found = read.problems.map((problem) =>
    diagnostic('W018', yaml.locate(problem.path, 'value'), {
      path: problem.path.length === 0 ? 'program' : pathText(problem.path),
      reason: problem.message,
      allowed: 'see schema/exec-program.schema.json',
    }),
  );
  throw new WorkloadError(sortDiagnostics(found, path));
}
