/**
 * `npm run make:names -- see`, then `learn`, then `try`: names beyond ImageNet's for the eye of `glance` models, by
 * emoji and flags of several artists. `see` fetches the pictures and keeps what the eye makes of views of them (some twenty
 * minutes of a core; it goes on where it was stopped); `learn` makes models/names of that (some minutes);
 * `try` tells how often they are right about the artist who was held out.
 */
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { MsdError } from '../../src/contracts/errors.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { learnNames } from './learn.ts';
import { seeAll } from './see.ts';
import { tryNames } from './try.ts';

const cache = join(cacheFolder(), 'names');
const places = { packages: join(cacheFolder(), 'pictures'), seen: join(cache, 'seen') };
const say = (line: string) => void process.stderr.write(`${line}\n`);

const program = new Command('make:names').description('Makes models/names.');
program
  .command('see')
  .description('look at views of every picture, and keep what the eye makes of them')
  .option('--only <artist>', 'of one artist')
  .action(async ({ only }) => seeAll({ ...places, say }, only === undefined ? undefined : [only]));
program
  .command('learn')
  .description('make names of what was seen')
  .option('--out <dir>', 'where they go', 'models/names')
  .action(async ({ out }) => learnNames({ ...places, out, say }));
program
  .command('try')
  .description('name what the held-out artist drew')
  .option('--out <dir>', 'where the names are', 'models/names')
  .action(async ({ out }) => tryNames({ ...places, out, say }));
try {
  await program.parseAsync();
} catch (error) {
  if (!MsdError.is(error)) throw error;
  say(`error: ${error.message}`);
  process.exitCode = 1;
}
