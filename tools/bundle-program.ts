import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { noticesOf } from './notices-of.ts';

/** What Node is started with, beside the library: the program, and the engine in a thread or a process. */
const ENTRIES = [
  'cli/main',
  ...['worker', 'child', 'probe-child', 'pack-worker'].map((name) => `engine/node/${name}`),
];
const CLI = join('dist', 'cli');
/** Packages of many small files that every answer loads. They are put in, and their licences beside. */
const WITHIN = [
  ...['zod', 'commander', '@commander-js/extra-typings', 'cli-progress', 'string-width'],
  ...['@huggingface/tokenizers', '@huggingface/gguf', 'onnx-buf', '@bufbuild/protobuf'],
];
/** CommonJS among them asks for Node's own modules so. */
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);";

/**
 * Puts the program's modules together in some pieces, in the place of its entries in `dist`: Node takes a third of a second
 * to find and open six hundred files, in each thread anew. What a verb alone needs stays a piece of its own, loaded by it.
 * Other packages that the program depends on stay outside.
 */
export async function bundleProgram(): Promise<void> {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const needed = Object.keys({ ...dependencies, ...peerDependencies });
  const { metafile } = await build({
    entryPoints: ENTRIES.map((entry) => join('dist', `${entry}.js`)),
    ...{ outdir: 'dist', outbase: 'dist', allowOverwrite: true },
    chunkNames: 'program/[name]-[hash]', // as deep as the modules that look for files of the package
    ...{ bundle: true, splitting: true, format: 'esm', banner: { js: REQUIRE } },
    external: needed.filter((name) => !WITHIN.includes(name)),
    ...{ platform: 'node', target: 'node20', logLevel: 'warning' },
    ...{ sourcemap: true, sourcesContent: false, metafile: true },
  });
  writeFileSync(join('dist', 'program', 'NOTICES.txt'), noticesOf(Object.keys(metafile.inputs)));
  for (const name of readdirSync(CLI)) {
    if (!/^main\.js(\.map)?$/.test(name)) rmSync(join(CLI, name), { recursive: true });
  }
}
