/**
 * What a build does after the compiler: it removes what sources that are gone left in `dist`, which would be published,
 * refuses imports that the compiler left as they stand in the sources (TypeScript 5.9 does so beside `await using`), and
 * writes entries for CommonJS, in a folder that counts as CommonJS. They require the modules themselves, which Node
 * can, so that there is one copy of the library; the same declarations stand there once more, since TypeScript refuses to
 * `require` what it takes for an ES module. At last the program is put together.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { bundleProgram } from './bundle-program.ts';

const ENTRIES = ['index', 'engine-api', 'node', 'serve'];
/** Built by a bundler, under names of its own. */
const PAGE = join('web', sep);
/** An import while the program runs, of a file that is not in `dist`. */
const UNBUILT = /\bimport\(['"]\.[^'"]*\.ts['"]\)/;
const BUILT = /\.(js|js\.map|d\.ts)$/;

const cjs = join('dist', 'cjs');
rmSync(cjs, { recursive: true, force: true });
for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  if (!BUILT.test(file) || file.startsWith(PAGE)) continue;
  if (!existsSync(join('src', file.replace(BUILT, '.ts')))) rmSync(join('dist', file));
  else if (file.endsWith('.d.ts')) cpSync(join('dist', file), join(cjs, file));
  else if (file.endsWith('.js') && UNBUILT.test(readFileSync(join('dist', file), 'utf8'))) {
    throw new Error(`dist/${file} imports a source; move the import out of what holds it`);
  }
}
for (const entry of ENTRIES)
  writeFileSync(join(cjs, `${entry}.js`), `module.exports = require('../${entry}.js');\n`);
writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n');
await bundleProgram();
