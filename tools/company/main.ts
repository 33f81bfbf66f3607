/**
 * `npm run check:company`: the same bits in any company. Texts of every family's small checkpoint, of the embedded pair
 * and, with `--smollm2 FOLDER`, of real weights run in random mixtures; every row's feature, logits and every drafted
 * tree must be those of the text read plainly and alone. Exits 1 on any difference.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { repositoryPath } from '../../src/input/node/testing/read-goldens.ts';
import { listOf } from '../list-of.ts';
import { FAMILY_NAMES } from '../parity/lab.ts';
import { createFindings } from './findings.ts';
import { FORMATS, type Folders, foldersOf } from './network.ts';
import { runSeries } from './series.ts';
import { renderCompanies, type SeriesLine } from './table.ts';

const NAMES = [...FAMILY_NAMES, 'tiny'];

const { mixtures, only, formats, threads, smollm2, seed } = new Command('check:company')
  .description('Compares rows in random company with the same rows alone, bit for bit.')
  .option('--mixtures <n>', 'of each model', whole, 1000)
  .option('--only <names>', `of ${NAMES.join(', ')}`, listOf(NAMES), NAMES)
  .option('--formats <names>', `of ${FORMATS.join(', ')}`, listOf(FORMATS), [...FORMATS])
  .option(
    '--threads <list>',
    'of one operator',
    (text) => text.split(',').map(whole),
    [1, 2, 4, 8, 16],
  )
  .option('--smollm2 <folder>', 'a text model with real weights, besides')
  .option('--seed <n>', 'of all draws', whole, 1)
  .parse()
  .opts();

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, at least 1.');
}

const temporary: string[] = [];
const tempFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'msd-company-'));
  temporary.push(folder);
  return folder;
};
process.env.XDG_CACHE_HOME = tempFolder(); // weights in 8 bits

function models(): [string, Folders][] {
  const named = only.map((name): [string, Folders] =>
    name === 'tiny'
      ? [
          name,
          foldersOf(
            repositoryPath('models/tiny/target'),
            repositoryPath('models/tiny/draft'),
            tempFolder,
          ),
        ]
      : [name, foldersOf(repositoryPath(`fixtures/families/${name}`), null, tempFolder)],
  );
  return smollm2 === undefined
    ? named
    : [...named, ['SmolLM2', foldersOf(smollm2, null, tempFolder)]];
}

const lines: SeriesLine[] = [];
try {
  const each = Math.ceil(mixtures / (formats.length * threads.length));
  for (const [name, folders] of models()) {
    const start = performance.now();
    for (const [at, format] of formats.entries()) {
      const findings = createFindings();
      for (const [i, count] of threads.entries()) {
        const series = { folders, format, threads: count, mixtures: each };
        await runSeries({ ...series, seed: seed + 1000 * (at * threads.length + i) }, findings);
      }
      const { counts, notes } = findings;
      lines.push({ name, format, threads, mixtures: each * threads.length, ...counts, notes });
    }
    process.stderr.write(`${name} … ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
  }
} finally {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(renderCompanies(lines));
process.exitCode = lines.every(({ differing, rows }) => differing === 0 && rows > 0) ? 0 : 1;
