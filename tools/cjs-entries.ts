/**
 * Entries for CommonJS, in a folder that counts as CommonJS: they require the modules themselves, which Node can, so that
 * there is one copy of the library; and the same declarations once more, since TypeScript refuses to `require` what it
 * takes for an ES module.
 */
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ENTRIES = ['index', 'engine-api', 'node'];

const cjs = join('dist', 'cjs');
rmSync(cjs, { recursive: true, force: true });
for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  if (file.endsWith('.d.ts')) cpSync(join('dist', file), join(cjs, file));
}
for (const entry of ENTRIES)
  writeFileSync(join(cjs, `${entry}.js`), `module.exports = require('../${entry}.js');\n`);
writeFileSync(join(cjs, 'package.json'), '{ "type": "commonjs" }\n');
