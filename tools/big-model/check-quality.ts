/**
 * `npm run check:w8a8 -- DIR` and `npm run check:int4 -- DIR`: how far a model in 8 or 4 bits is from itself, or another, in fp32, on
 * text that it never learnt: two documents of this project as they were once, or a file.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { CONVERTED_PRECISIONS, type Precision } from '../../src/contracts/load.ts';
import { loadModel } from '../../src/engine/load/load-model.ts';
import { createNodeHost } from '../../src/engine/node/node-host.ts';
import { resolveLoadOptions } from '../../src/load.ts';
import { judgeText } from './judge-text.ts';

const OWN_TEXTS = ['readme', 'architecture'].map((name) =>
  fileURLToPath(new URL(`../../fixtures/w8a8-text/${name}.md`, import.meta.url)),
);

const program = new Command('check-quality')
  .argument('<dir>', "the model's folder")
  .addOption(
    new Option('--precision <name>', 'the one that is judged')
      .choices(CONVERTED_PRECISIONS)
      .default('w8a8' as const),
  )
  .option('--against <dir>', 'the model in fp32 that it is held against (default: itself)')
  .option('--text <file>', 'the text (default: those of fixtures/w8a8-text)')
  .option('--tokens <n>', 'tokens of it, at most', whole, 5120)
  .option('--window <n>', 'tokens that are read at a time', whole, 256)
  .parse();

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, at least 1.');
}

async function open(model: string, precision: Precision) {
  const { thread, onProgress, ...settings } = resolveLoadOptions({ model, precision });
  return loadModel(await createNodeHost(settings), settings);
}

const [dir] = program.processedArgs;
const { against = dir, text: given, tokens, window, precision } = program.opts();
const texts = given === undefined ? OWN_TEXTS : [given];
const exact = await open(resolve(against), 'fp32');
const judged = await open(resolve(dir), precision);
const ids = Int32Array.from(
  exact.tokenizer.encode(texts.map((path) => readFileSync(path, 'utf8')).join('\n'), {
    addSpecialTokens: true,
  }),
).subarray(0, tokens);
const result = await judgeText([exact.target, judged.target], ids, window);
const [fp32, less] = result.perplexities;
const share = ((100 * result.agreed) / result.places).toFixed(2);
process.stdout.write(
  [
    `model       ${dir} in ${judged.info.precision}, against ${against} in ${exact.info.precision}`,
    `text        ${texts.join(' ')}, ${result.places} places, windows of ${window}`,
    `likeliest   the same at ${result.agreed} (${share} %)`,
    `perplexity  ${fp32.toFixed(3)} in fp32, ${less.toFixed(3)} in ${precision} (${(100 * (less / fp32 - 1)).toFixed(2)} % more)`,
    `divergence  ${result.divergence.toExponential(2)} nats a token`,
    '',
  ].join('\n'),
);
await Promise.all([exact.dispose(), judged.dispose()]);
