/** The package in projects of every kind: ES modules, CommonJS, the ways TypeScript resolves, and bundles. */
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile, type Project, packedProject, saidBy } from './testing/packed.ts';

const MINUTES = 180_000;
let project: Project;

beforeAll(() => {
  project = packedProject(['vega', 'vega-lite']);
}, MINUTES);
afterAll(() => project.remove());

const PROGRAM = `
  import { load, MsdError, type GenerateResult } from 'msd-ts';
  import { connectEngine, type Engine } from 'msd-ts/engine';
  import { createNodeHost } from 'msd-ts/node';

  async function main(): Promise<void> {
    const model = await load({ threads: 1 });
    const result: GenerateResult = await model.complete({ prompt: 'Count from 3 to 10.', maxTokens: 12, ignoreEos: true });
    const refused = await model.complete({ prompt: '' }).catch((error: unknown) => MsdError.is(error) && error.code);
    await model.dispose();
    const parts: (((...given: never[]) => Promise<Engine>) | typeof createNodeHost)[] = [connectEngine, createNodeHost];
    console.log(JSON.stringify([result.ids.length, refused, parts.length]));
  }
  void main();
`;
const SAID = [12, 'prompt_invalid', 2];

describe('a TypeScript project', { timeout: MINUTES }, () => {
  it.each([
    ['module', 'of ES modules', ['--module', 'node16']],
    ['module', 'for a bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
    ['commonjs', 'of CommonJS', ['--module', 'node16']],
    [
      'commonjs',
      'of CommonJS that resolves as Node 10 did',
      ['--module', 'commonjs', '--moduleResolution', 'node10', '--ignoreDeprecations', '5.0'],
    ],
  ])('as %s, %s, compiles and runs', (type, name, settings) => {
    const folder = name.replaceAll(/\W/g, '-');
    project.write(`${folder}/package.json`, JSON.stringify({ type }));
    const file = project.write(`${folder}/program.ts`, PROGRAM);
    compile(file, ...settings);
    expect(saidBy(file.replace(/ts$/, 'js'))).toEqual(SAID);
  });
});

it('answers a program that requires it, and loads nothing native into its thread', {
  timeout: MINUTES,
}, () => {
  const file = project.write(
    'plain/program.cjs',
    `const { load } = require('msd-ts');
     const native = Object.keys(require.cache).filter((path) => /sharp|onnxruntime/.test(path));
     (async () => {
       const model = await load({ threads: 1 });
       const { ids } = await model.complete({ prompt: 'Hi', maxTokens: 3, ignoreEos: true });
       await model.dispose();
       console.log(JSON.stringify([ids.length, native.length]));
     })();`,
  );
  expect(saidBy(file)).toEqual([3, 0]);
});

const NATIVE = ['onnxruntime-node', 'sharp'];

/** A program bundled into a folder of its own. */
async function bundled(
  folder: string,
  options: Pick<BuildOptions, 'format' | 'external'>,
  program = PROGRAM,
): Promise<string> {
  const outfile = join(project.folder, folder, options.format === 'cjs' ? 'app.cjs' : 'app.mjs');
  await build({
    ...options,
    ...{ bundle: true, minify: true, platform: 'node', target: 'node20', logLevel: 'silent' },
    entryPoints: [project.write(`${folder}-source/program.ts`, program)],
    outfile,
    // Packages of CommonJS within a bundle of ES modules
    ...(options.format === 'esm' && { banner: { js: REQUIRE } }),
  });
  return outfile;
}

const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

describe('a bundle by esbuild', { timeout: MINUTES }, () => {
  it.each(['esm', 'cjs'] as const)('as %s without the package in it runs', async (format) => {
    const file = await bundled(`outside-${format}`, { format, external: ['msd-ts'] });
    expect(saidBy(file)).toEqual(SAID);
  });

  it.each(['esm', 'cjs'] as const)('as %s with the package’s code in it runs', async (format) => {
    const file = await bundled(`inside-${format}`, { format, external: NATIVE });
    expect(readFileSync(file, 'utf8')).toContain('package_file_missing');
    expect(saidBy(file)).toEqual(SAID);
  });

  it('that is carried away from the package says what is missing', async () => {
    const program = `
      import { load } from 'msd-ts';
      load().catch(({ code, file }) => console.log(JSON.stringify([code, file])));
    `;
    const file = await bundled('carried', { format: 'esm', external: NATIVE }, program);
    const elsewhere = join(project.folder, 'elsewhere');
    mkdirSync(join(elsewhere, 'node_modules'), { recursive: true });
    for (const name of NATIVE)
      symlinkSync(
        join(project.folder, 'node_modules', name),
        join(elsewhere, 'node_modules', name),
      );
    const alone = packedApart(elsewhere, file);
    expect(saidBy(alone)).toEqual([
      'package_file_missing',
      expect.stringMatching(/^models\/glance/),
    ]);
  });

  it('of an Electron app’s main process runs, here under Node with a stand-in for electron', async () => {
    project.write('node_modules/electron/index.js', 'exports.app = { whenReady: async () => {} };');
    const program = PROGRAM.replace('void main();', 'void app.whenReady().then(main);');
    const file = await bundled(
      'electron',
      { format: 'cjs', external: ['electron', 'msd-ts'] },
      `import { app } from 'electron';\n${program}`,
    );
    expect(saidBy(file)).toEqual(SAID);
  });
});

/** The bundle where no folder above holds the package. */
function packedApart(modules: string, bundle: string): string {
  const folder = `${project.folder}-apart`;
  mkdirSync(folder);
  cpSync(modules, folder, { recursive: true, verbatimSymlinks: true });
  const file = join(folder, 'app.mjs');
  cpSync(bundle, file);
  return file;
}
