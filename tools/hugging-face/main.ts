/**
 * `npm run check:hf -- FOLDER`: whether Hugging Face loads a target's folder whole, and answers prompts greedily with
 * the very ids that this program gives. Installs its packages from PyPI the first time. Exits 1 on a difference, 2 if
 * it can't compare.
 */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { MsdError } from '../../src/contracts/errors.ts';
import { cacheFolder } from '../../src/engine/node/cache-folder.ts';
import { openPython } from '../../src/evaluate/rivals/open-python.ts';
import { CheckFailure } from '../python/check-failure.ts';
import { choosePrompts } from './choose-prompts.ts';
import { compareFolder } from './compare-folder.ts';
import { isSame, renderReport } from './report.ts';

const program = new Command('check:hf')
  .description("Compares a target's greedy answers with those of Hugging Face.")
  .argument('<folder>', 'the target, in the llava-hf layout')
  .option('--draft <folder>', 'its draft: speculative answers are compared too')
  .option('--prompts <file>', 'LLaVA conversations or JSON Lines; default: validation dialogues')
  .option('--count <n>', 'prompts to answer, at most', whole, 40)
  .option('--max-tokens <n>', 'tokens of an answer, at most', whole, 64)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse();

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number, at least 1.');
}

const say = (line: string) => void process.stderr.write(`${line}\n`);
const [folder] = program.processedArgs;
const { draft, prompts: file, count, maxTokens } = program.opts();
try {
  const prompts = await choosePrompts(count, file);
  const result = await compareFolder({
    folder: resolve(folder),
    draft,
    prompts,
    maxTokens,
    openPython: () =>
      openPython({
        python: 'python3',
        folder: join(cacheFolder(), 'hugging-face'),
        packages: "Hugging Face's packages",
        requirements: fileURLToPath(
          new URL('../../src/evaluate/rivals/hugging-face-requirements.txt', import.meta.url),
        ),
        say,
      }),
    say,
  });
  process.stdout.write(renderReport(result.loaded, result.comparisons));
  process.exitCode = isSame(result.loaded, result.comparisons) ? 0 : 1;
} catch (error) {
  if (!(error instanceof CheckFailure) && !MsdError.is(error)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
}
