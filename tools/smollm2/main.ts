/**
 * `npm run check:smollm2`: real weights end to end. SmolLM2-135M-Instruct, imported from its Q4_1 file in F32, answers
 * 20 prompts with 64 greedy tokens here and in Hugging Face; with `--llama-cpp`, llama.cpp says besides what it would
 * have said in their places on the quantised file itself. Fetches all it needs the first time. Exits 1 on a difference,
 * 2 if it can't compare.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { MsdError } from '../../src/contracts/errors.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { installLlama } from '../../src/evaluate/rivals/llama-module.ts';
import { openPython } from '../../src/evaluate/rivals/open-python.ts';
import { compareFolder } from '../hugging-face/compare-folder.ts';
import { isSame, renderReport } from '../hugging-face/report.ts';
import { CheckFailure } from '../python/check-failure.ts';
import { fetchModel } from './fetch-model.ts';
import { agreement } from './llama-cpp.ts';
import { PROMPTS } from './prompts.ts';
import { speak } from './speak.ts';

const MAX_TOKENS = 64;

const program = new Command('check:smollm2')
  .description('Compares SmolLM2-135M-Instruct here with Hugging Face, and with llama.cpp.')
  .option('--llama-cpp', 'install node-llama-cpp and ask it too')
  .option(
    '--python <file>',
    'an interpreter with the packages of tools/hugging-face, not installed',
  )
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();

const say = (line: string) => void process.stderr.write(`${line}\n`);
const { llamaCpp, python: given } = program.opts();
try {
  const cache = join(cacheFolder(), 'smollm2');
  const python =
    given ??
    (await openPython({
      python: 'python3',
      folder: join(cacheFolder(), 'hugging-face'),
      packages: "Hugging Face's packages",
      requirements: fileURLToPath(
        new URL('../../src/evaluate/rivals/hugging-face-requirements.txt', import.meta.url),
      ),
      say,
    }));
  const { gguf, folder } = await fetchModel(python, cache);
  const { loaded, comparisons } = await compareFolder({
    folder,
    draft: undefined,
    prompts: PROMPTS,
    maxTokens: MAX_TOKENS,
    openPython: async () => python,
    say,
  });
  process.stdout.write(renderReport(loaded, comparisons));
  if (llamaCpp) {
    const { same, tokens } = await agreement(
      gguf,
      await speak(folder, PROMPTS, MAX_TOKENS),
      await installLlama(cacheFolder(), say),
    );
    const share = ((100 * same) / tokens).toFixed(2);
    process.stdout.write(
      `llama.cpp on the Q4_1 file would have said the same at ${same} of ${tokens} places (${share} %).\n`,
    );
  }
  process.exitCode = isSame(loaded, comparisons) ? 0 : 1;
} catch (error) {
  if (!(error instanceof CheckFailure) && !MsdError.is(error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
}
