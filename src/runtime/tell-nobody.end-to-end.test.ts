import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { TINY_PAIR } from '../checkpoint/testing/tiny-pair.ts';

const built = (file: string) => new URL(`../../dist/${file}`, import.meta.url);
const library = (program: string) => [
  '--input-type=module',
  '-e',
  `import { load } from ${JSON.stringify(built('index.js').href)};
   import { createServer } from ${JSON.stringify(built('serve.js').href)};
   const tiny = ${JSON.stringify(TINY_PAIR)};
   ${program}`,
];

it.each([
  ['the program', [built('cli/main.js').pathname, 'run', 'Hi', '--max-tokens', '1']],
  ['an engine in a thread', library('await (await load(tiny)).dispose();')],
  ['an engine in place', library('await (await load({ ...tiny, thread: false })).dispose();')],
  [
    'a server',
    library(
      'const one = await createServer({ port: 0, load: tiny }); await one.loaded; await one.close();',
    ),
  ],
])('has the runtime of %s keep nothing of the user', async (_, args) => {
  const home = tempFolder();
  const { model: MSD_MODEL, draft: MSD_DRAFT } = TINY_PAIR;
  const { PATH } = process.env;
  const env = { PATH, HOME: home, MSD_MODEL, MSD_DRAFT };
  await promisify(execFile)(process.execPath, args, { env });
  expect(existsSync(join(home, '.cache/Microsoft')), 'its files are there').toBe(false);
});
