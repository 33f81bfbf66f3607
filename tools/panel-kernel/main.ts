/**
 * `npm run make:panel-kernel`: compiles assembly/kernel.ts to WebAssembly and writes it where packing reads it. The compiler
 * is fetched for that alone, since it is larger than all else that building needs (100 MB).
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryPath } from '../../src/input/node/testing/read-goldens.ts';
import { KERNEL_SOURCE, sourceHash } from './source-hash.ts';

const COMPILER = 'assemblyscript@0.28.20';
const OPTIONS = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd'];
const LINE = 96;

const folder = mkdtempSync(join(tmpdir(), 'msd-kernel-'));
try {
  const made = join(folder, 'kernel.wasm');
  const compile = ['--yes', '--package', COMPILER, 'asc', KERNEL_SOURCE, ...OPTIONS];
  execFileSync('npx', [...compile, '--outFile', made], { stdio: 'inherit' });
  const text = readFileSync(made).toString('base64');
  const lines = text.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  const code = [
    '// Made by `npm run make:panel-kernel` from tools/panel-kernel/assembly/kernel.ts.',
    `export const SOURCE_HASH = '${sourceHash()}';`,
    'export const PANEL_KERNEL =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
  ];
  const into = repositoryPath('src/formats/forms/w8a8/panel-kernel-code.ts');
  writeFileSync(into, `${code.join('\n')}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
