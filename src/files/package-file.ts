/**
 * Files of this package that are opened while it runs: the entry of the worker thread, the embedded pair. They lie around
 * this module, unless a bundler took its code elsewhere; then those of the installed package are the same ones.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PackageFileError } from '../contracts/errors.ts';

/**
 * @param file from the package's root, as `models/tiny/target`
 * @param from places that the code may be in: files, the likeliest first. Default: this module and the program's entry
 * @returns an absolute path
 * @throws PackageFileError
 */
export function packageFile(file: string, from: readonly string[] = places()): string {
  const roots = [...from.slice(0, 1).map(rootAround), ...from.flatMap(installedRoot)];
  const found = roots.map((root) => onDisk(join(root, file))).find((path) => existsSync(path));
  if (found === undefined) throw new PackageFileError(file);
  return found;
}

/** The same of a folder that need not be there: where it would be. */
export function packageFolder(folder: string): string {
  return join(dirname(packageFile('package.json')), folder);
}

/** In a CommonJS bundle there is no `import.meta.url`, but the name of the file. */
function places(): string[] {
  const url = import.meta.url as string | undefined;
  const entry = process.argv[1];
  return [
    ...(url?.startsWith('file:') ? [fileURLToPath(url)] : []),
    ...(typeof __filename === 'string' ? [__filename] : []),
    ...(entry === undefined ? [] : [resolve(entry)]),
    resolve('index.js'), // in the working folder
  ];
}

/** This module is two folders below the root, as source and as built. */
const rootAround = (file: string): string => dirname(dirname(dirname(file)));

function installedRoot(from: string): string[] {
  try {
    return [dirname(createRequire(from).resolve('msd-ts/package.json'))];
  } catch {
    return []; // not installed where that file would look
  }
}

/** What Electron unpacked beside its archive: the runtime maps weights by itself and can't look into archives. */
function onDisk(path: string): string {
  const unpacked = path.replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2');
  return existsSync(unpacked) ? unpacked : path;
}
