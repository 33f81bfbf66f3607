import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import { runProgram } from '../rivals/run-program.ts';

/**
 * The folder of an npm package, by name and version; what isn't there yet is installed beside the others, without any
 * script of its own.
 * @throws ProgramError if npm can't install it
 */
export async function fetchPackage(
  place: string,
  name: string,
  say: (line: string) => void,
): Promise<string> {
  const dir = join(place, name.replaceAll('/', '+'));
  const folder = join(dir, 'node_modules', name.replace(/(?<=.)@.*$/, ''));
  if (existsSync(join(folder, 'package.json'))) return folder;
  say(`Fetching ${name} into ${place}; once only …`);
  await makeFolder(dir);
  const flags = ['--prefix', dir, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  await runProgram('npm', ['install', ...flags, '--silent', name]);
  return folder;
}
