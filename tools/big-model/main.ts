/**
 * `npm run make:llava-7b -- --out DIR`: writes a checkpoint in the shape of LLaVA-1.5-7B, random weights in F16 shards
 * (13.2 GiB), to measure how a model that large loads and decodes. Nothing that it says means anything.
 */
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { writeModelFolder } from '../../src/checkpoint/write-model-folder.ts';
import { byteSize } from '../../src/cli/print/units.ts';
import { MsdError } from '../../src/contracts/errors.ts';
import { bigModel } from './big-model.ts';

const program = new Command('make:llava-7b')
  .description('Writes a LLaVA-7B-shaped checkpoint of random weights.')
  .requiredOption('--out <dir>', 'the new folder')
  .option('--layers <n>', "layers of the decoder (default: the real model's 32)", whole)
  .option('--seed <n>', 'another seed gives other weights', whole, 1)
  .parse();

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, at least 1.');
}

const { out, layers, seed } = program.opts();
const start = performance.now();
try {
  const repository = fileURLToPath(new URL('../..', import.meta.url));
  const folder = await bigModel(repository, { seed, ...(layers !== undefined && { layers }) });
  const bytes = await writeModelFolder(out, folder);
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(`${out}: ${byteSize(bytes)} in ${seconds.toFixed(0)} s\n`);
} catch (error) {
  if (!MsdError.is(error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
