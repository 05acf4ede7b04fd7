/** Programs of Debian that some tests need; without one, its tests are skipped, or fail where they are required. */
import { spawnSync } from 'node:child_process';

/** Whether a program can be started. */
function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** Whether tests with a program are skipped; `DSASIM_REQUIRE_PROGRAMS=1` lets them fail instead. */
export function skipsWithout(program: string, debian: string): boolean {
  const skips = !isInstalled(program) && process.env.DSASIM_REQUIRE_PROGRAMS !== '1';
  if (skips) {
    process.stderr.write(`Tests with ${program} skipped: \`apt-get install ${debian}\` installs it.\n`);
  }
  return skips;
}
