/** What a command is about to write, looked at before it does anything. */
import { UsageError } from './errors.js';

/**
 * Checks that files can be written, and that none of them is one that the command reads.
 * @param inputs that exist or do not
 * @throws UsageError, OutputError
 */
export async function checkOutputs(outputs: readonly string[], inputs: readonly string[]): Promise<void> {
  const { checkFile, sameFile } = await import('../experiment/output.js');
  for (const output of outputs) {
    for (const input of inputs) {
      if (!(await sameFile(output, input))) continue;
      throw new UsageError(
        `${output} would be overwritten, and is what this command reads`,
        'name another file to write',
        'DSASIM_C018',
      );
    }
    await checkFile(output);
  }
}
