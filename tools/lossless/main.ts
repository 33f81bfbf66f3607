/**
 * `npm run check:lossless`: speculative text = plain text on real weights. SmolLM2-135M-Instruct (or `--model FOLDER`)
 * answers 200 prompts plainly, one at a time; then with full trees of an oracle, right tokens among wrong ones, sixteen
 * answers sharing every pass. Every text must be equal. Exits 1 on a difference, 2 if it can't compare. The whole takes
 * hours without AVX-512: temperatures and trees can be run apart.
 */
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { MsdError } from '../../src/contracts/errors.ts';
import { allParts, PRECISIONS, type Precision } from '../../src/contracts/load.ts';
import { loadModel } from '../../src/engine/load/load-model.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { createNodeHost } from '../../src/engine/node/node-host.ts';
import { listOf } from '../list-of.ts';
import { CheckFailure } from '../python/check-failure.ts';
import { fetchModel } from '../smollm2/fetch-model.ts';
import { answerTogether, promptIds } from './answer-together.ts';
import { createFullTreeOracle } from './full-tree-oracle.ts';
import { PROMPTS } from './prompts.ts';

const TREES = ['2', '8', '16', '32', '59'];
const TEMPERATURES = ['0', '0.8'];
const TOGETHER = 16;
const MAX_TOKENS = 64;

const program = new Command('check:lossless')
  .description('Compares speculative with plain text on real weights, trees full, in company.')
  .option('--model <folder>', 'a text model; default SmolLM2-135M-Instruct, fetched once (93 MB)')
  .option('--precision <names>', `comma-separated; default ${PRECISIONS.join(',')}`)
  .option('--temperatures <list>', `of ${TEMPERATURES}`, listOf(TEMPERATURES), TEMPERATURES)
  .option('--trees <list>', `rows of a tree, of ${TREES}`, listOf(TREES), TREES)
  .option('--prompts <n>', `the first so many of ${PROMPTS.length}`, Number, PROMPTS.length)
  .option('--threads <n>', 'of one operator', Number, 2)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();

const { model: given, precision: named, prompts: count, threads, ...ways } = program.opts();
const precisions = PRECISIONS.filter(
  (one) => named === undefined || named.split(',').includes(one),
);
const prompts = PROMPTS.slice(0, count);
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Compares the chosen trees at one precision; how many texts differ. */
async function compare(folder: string, precision: Precision): Promise<number> {
  const settings = {
    model: folder,
    draft: null,
    device: 'cpu',
    threads,
    precision: allParts(precision),
  } as const;
  const host = await createNodeHost(settings);
  const model = await loadModel(host, settings);
  let differing = 0;
  try {
    for (const temperature of ways.temperatures.map(Number)) {
      const sampling = { temperature, topK: 0, topP: 1, minP: 0, seed: 1 };
      const way = { sampling, maxTokens: MAX_TOKENS };
      const plain = await answerTogether(host, model, prompts, {
        ...way,
        together: 1,
        draft: null,
      });
      const texts = plain.ids.map((ids, at) => [
        ...promptIds(model, prompts[at] as string),
        ...ids,
      ]);
      const { vocabSize } = model.target;
      for (const round of [1, 2]) {
        for (const total of ways.trees.map(Number)) {
          const random = randomFrom(1000 * round + total);
          const drafter = createFullTreeOracle(texts, vocabSize, random);
          const draft = { drafter, tree: { total, depth: 8, topK: 16 } };
          const together = await answerTogether(host, model, prompts, {
            ...way,
            together: TOGETHER,
            draft,
          });
          const different = plain.ids.filter(
            (ids, at) => ids.join() !== together.ids[at]?.join(),
          ).length;
          differing += different;
          const tokens = together.ids.reduce((sum, ids) => sum + ids.length - 1, 0);
          say(
            [
              precision.padEnd(5),
              temperature === 0 ? 'greedy ' : `T = ${temperature}`,
              `time ${round}`,
              `tree ${String(total).padStart(2)}`,
              `${(together.nodes / together.passes).toFixed(1)} nodes and`,
              `${(tokens / together.passes).toFixed(2)} tokens a pass of each`,
              `${prompts.length - different} of ${prompts.length} texts equal`,
            ].join('  '),
          );
        }
      }
    }
  } finally {
    await model.dispose();
  }
  return differing;
}

try {
  const folder = given ?? (await fetchModel('python3', join(cacheFolder(), 'smollm2'))).folder;
  let differing = 0;
  for (const precision of precisions) differing += await compare(folder, precision);
  say(differing === 0 ? 'every text equal' : `${differing} texts differ`);
  process.exitCode = differing === 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof CheckFailure) && !MsdError.is(error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
}
