/**
 * `npm run check:package`: the package as a stranger installs it, from its tarball and the registry: what that takes, the
 * README's lines, and programs that webpack and Next build. Exits 1 if one of them does not answer.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { installSize } from './install-size.ts';
import { nextAnswer } from './next-app.ts';
import { webpackAnswer } from './webpack-app.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const QUIET = ['--no-audit', '--no-fund', '--silent'];

new Command('check:package')
  .description('Installs the packed package in an empty folder, measures that, and bundles it.')
  .option('--keep', 'leave the folder there')
  .action(async ({ keep }) => {
    const folder = mkdtempSync(join(tmpdir(), 'msd-install-'));
    const npm = (...given: string[]) => execFileSync('npm', given, { cwd: folder });
    try {
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
      const pack = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
      const tarball = execFileSync('npm', pack, { cwd: ROOT, encoding: 'utf8' }).trim();
      const start = performance.now();
      npm('install', ...QUIET, `./${tarball}`);
      const seconds = (performance.now() - start) / 1000;
      console.log(installSize(folder, tarball, seconds));
      let failed = false;
      const told = (what: string, ok: boolean) => {
        failed ||= !ok;
        console.log(`${what}: ${ok ? 'answers' : 'FAILED'}`);
      };
      told('README', readmeAnswer(folder));
      npm('install', ...QUIET, 'webpack@5', 'webpack-cli@7', 'next@16', 'react@19', 'react-dom@19');
      told('webpack, package outside', webpackAnswer(folder, ['msd-ts']));
      told('webpack, package inside', webpackAnswer(folder, ['onnxruntime-node', 'sharp']));
      for (const bundler of ['turbopack', 'webpack'] as const)
        told(`Next with ${bundler}`, await nextAnswer(folder, bundler));
      if (failed) process.exitCode = 1;
    } finally {
      if (keep) console.log(folder);
      else rmSync(folder, { recursive: true });
    }
  })
  .parse();

/** Whether the README's lines for the library write something. */
function readmeAnswer(folder: string): boolean {
  const readme = readFileSync(join(folder, 'node_modules/msd-ts/README.md'), 'utf8');
  const [, lines = ''] = readme.match(/```ts\n(import \{ load \}.*?)```/s) ?? [];
  writeFileSync(join(folder, 'readme.mjs'), lines);
  const said = execFileSync(process.execPath, ['readme.mjs'], { cwd: folder, encoding: 'utf8' });
  return /\w.*tokens per pass/s.test(said);
}
