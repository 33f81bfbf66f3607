import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PROGRAM = `
import { load } from 'msd-ts';
const model = await load({ threads: 1 });
const { ids } = await model.complete({ prompt: 'Count from 3 to 10.', maxTokens: 12, ignoreEos: true });
await model.dispose();
console.log(ids.length);
`;

/** Whether a program that webpack bundles answers; `external` packages stay out of the bundle. */
export function webpackAnswer(folder: string, external: readonly string[]): boolean {
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
  const config = {
    mode: 'production',
    target: 'node',
    entry: './program.mjs',
    output: { path: join(folder, 'webpack'), filename: 'app.cjs' },
    externals: Object.fromEntries(external.map((name) => [name, `commonjs ${name}`])),
  };
  const file = join(folder, 'webpack.config.cjs');
  writeFileSync(file, `module.exports = ${JSON.stringify(config)};\n`);
  const cli = join(folder, 'node_modules/webpack/bin/webpack.js');
  execFileSync(process.execPath, [cli, '--config', file], { cwd: folder });
  const app = join(folder, 'webpack/app.cjs');
  return execFileSync(process.execPath, [app], { cwd: folder, encoding: 'utf8' }).trim() === '12';
}
