import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const HOME = fileURLToPath(new URL('../../node_modules/.cache/torch-bench', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));

/**
 * A Python with PyTorch, installed from PyPI into a cache folder the first time (0.2 to 3 GB to load, by what PyPI
 * serves for this platform).
 */
export async function installPython(): Promise<string> {
  const python = join(HOME, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const ready = join(HOME, 'ready');
  if (existsSync(ready)) return python;
  process.stderr.write(`installing PyTorch into ${HOME} …\n`);
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', '--clear', HOME]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS]);
  await run(python, ['-c', `import torch; open(${JSON.stringify(ready)}, 'w').close()`]);
  return python;
}
