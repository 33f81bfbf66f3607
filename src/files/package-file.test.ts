import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { PackageFileError } from '../contracts/errors.ts';
import { packageFile } from './package-file.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'msd-package-file-')));
afterAll(() => rmSync(folder, { recursive: true }));

/** An empty file in the test's folder. */
function touch(...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  return file;
}

/** A project with the package installed, and a file of its bundle. */
function project(name: string, ...bundle: string[]) {
  const installed = [name, 'node_modules', 'msd-ts'];
  touch(...installed, 'index.js');
  writeFileSync(join(folder, ...installed, 'package.json'), '{ "name": "msd-ts" }');
  const worker = touch(...installed, 'dist', 'worker.js');
  return { worker, bundle: touch(name, ...bundle) };
}

it('finds what lies around the code', () => {
  expect(packageFile('package.json')).toBe(join(ROOT, 'package.json'));
});

it('finds the installed package where the code was bundled', () => {
  const { worker, bundle } = project('app', 'out', 'app.js');
  expect(packageFile('dist/worker.js', [bundle])).toBe(worker);
});

it('looks around the program too, where the code says it is somewhere else', () => {
  const { worker, bundle } = project('moved', 'app.js');
  const built = join(folder, 'builder', 'node_modules', 'msd-ts', 'dist', 'files', 'a.js');
  expect(packageFile('dist/worker.js', [built, bundle])).toBe(worker);
});

it('prefers what Electron unpacked', () => {
  const { bundle } = project(join('resources', 'app.asar'), 'main.js');
  const { worker } = project(join('resources', 'app.asar.unpacked'), 'main.js');
  expect(packageFile('dist/worker.js', [bundle])).toBe(worker);
});

it('says what to do where there is no package', () => {
  const bundle = touch('alone', 'app.js');
  const looking = () => packageFile('dist/worker.js', [bundle]);
  expect(looking).toThrow(PackageFileError);
  expect(looking).toThrow(/dist\/worker\.js.*keep msd-ts out of the bundle/i);
});
