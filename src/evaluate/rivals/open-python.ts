import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProgramError } from '../../contracts/errors.ts';
import { exitCode } from './run-program.ts';

export interface PythonSetting {
  /** A command that makes virtual environments, Python 3.10 or newer. */
  readonly python: string;
  /** Where the environment stands; built anew if it is not whole, or was made of other requirements. */
  readonly folder: string;
  /** File of packages, as pip reads it. */
  readonly requirements: string;
  /** What these packages are, in words. */
  readonly packages: string;
  /** Told that it installs. */
  readonly say: (line: string) => void;
}

/**
 * The interpreter of an environment with the required packages, which are installed the first time. What pip says goes
 * to standard error.
 * @throws ProgramError without a Python to build it, or if pip can't install
 */
export async function openPython({
  python,
  folder,
  requirements,
  packages,
  say,
}: PythonSetting): Promise<string> {
  const windows = process.platform === 'win32';
  const own = join(folder, windows ? 'Scripts/python.exe' : 'bin/python');
  const mark = join(folder, 'installed.txt'); // written last: without it the environment is not whole
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(own) && existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return own;

  const modern = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  if ((await exitCode(python, ['-c', modern])) !== 0) {
    throw new ProgramError(
      python,
      'it must be Python 3.10 or newer with venv and pip; install it (on Debian: python3-venv).',
    );
  }
  say(`Installing ${packages} into ${folder}; once only …`);
  if ((await exitCode(python, ['-m', 'venv', '--clear', folder])) !== 0) {
    throw new ProgramError(python, `it can't make an environment in ${folder}; see above.`);
  }
  if ((await exitCode(own, ['-m', 'pip', 'install', '--requirement', requirements])) !== 0) {
    throw new ProgramError(
      'pip',
      'it could not install the packages (see above); the first run needs the network and up to 3 GB of disk.',
    );
  }
  writeFileSync(mark, wanted);
  return own;
}
