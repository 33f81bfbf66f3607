import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** What Node is started with, beside the library: the program, and the engine in a thread or a process. */
const ENTRIES = [
  'cli/main',
  ...['worker', 'child', 'probe-child'].map((name) => `engine/node/${name}`),
];
const CLI = join('dist', 'cli');

/**
 * Puts the program's modules together in some pieces, in the place of its entries in `dist`: Node takes a third of a second
 * to find and open six hundred files, in each thread anew. What a verb alone needs stays a piece of its own, loaded by it.
 * Packages that the program depends on stay outside.
 */
export async function bundleProgram(): Promise<void> {
  await build({
    entryPoints: ENTRIES.map((entry) => join('dist', `${entry}.js`)),
    ...{ outdir: 'dist', outbase: 'dist', allowOverwrite: true },
    chunkNames: 'program/[name]-[hash]', // as deep as the modules that look for files of the package
    ...{ bundle: true, splitting: true, format: 'esm', packages: 'external' },
    ...{ platform: 'node', target: 'node20', logLevel: 'warning' },
    ...{ sourcemap: true, sourcesContent: false },
  });
  for (const name of readdirSync(CLI)) {
    if (!/^main\.js(\.map)?$/.test(name)) rmSync(join(CLI, name), { recursive: true });
  }
}
