import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { DRAFTER_NAMES } from '../../draft/drafters.ts';
import type { Variant } from '../../evaluate/paired-runs.ts';
import { RIVALS, type RivalName } from '../../evaluate/rivals/open-rivals.ts';
import { writeWhole } from '../../files/write-file.ts';
import { given } from '../flags/given.ts';
import { loadFlags } from '../flags/model-flags.ts';
import { decimalNumber, treeChoice, wholeNumber } from '../flags/parse-flags.ts';
import { createCancellation } from '../terminal/cancellation.ts';
import { noticeStream } from '../terminal/notice-stream.ts';
import { createProgressBar } from '../terminal/progress-bar.ts';

/**
 * `msd bench`: speculative decoding against plain, in pairs. Exit code 1 if any answer differs from plain's, 130 after
 * Ctrl-C; the report of what was measured is printed either way.
 */
export function benchCommand() {
  return loadFlags(new Command('bench'))
    .description('measure speculative decoding against plain, in interleaved pairs')
    .option(
      '--drafter <name>',
      `auto, ${DRAFTER_NAMES.join(', ')}; repeat to compare several (default: auto)`,
      repeated(drafterName),
    )
    .option(
      '--tree <auto|N|T,D,K>',
      'size of the draft tree; repeat to compare several (default: auto)',
      repeated(treeChoice),
    )
    .option(
      '--acceptance <list>',
      "SYNTHETIC: propose plain's own text, right by depth with these probabilities, as 0.8,0.7, at the draft's cost",
      numbers,
    )
    .optionsGroup('Who else runs (words alone, installed when first asked for):')
    .option(
      '--against <engine>',
      `${RIVALS.join(' or ')}, by turns with both ways; repeat for both`,
      repeated(rivalName),
    )
    .option('--against-gguf <file>', 'the same model for llama.cpp')
    .optionsGroup('What is asked:')
    .option(
      '--prompts <file>',
      'own lines, MT-Bench, LLaVA-Bench or LLaVA (default: an embedded set)',
    )
    .option('--image-root <dir>', 'where pictures are that are not beside the file of prompts')
    .option('--pairs <n>', 'pairs of each prompt', wholeNumber, 5)
    .option('--max-tokens <n>', 'most tokens of an answer', wholeNumber, 128)
    .option('--temperature <t>', '0 is greedy: always the likeliest', decimalNumber, 0)
    .option('--top-p <p>', 'keep the likeliest that together have this mass', decimalNumber)
    .option('--top-k <k>', 'keep the k likeliest', wholeNumber)
    .option('--min-p <p>', 'keep what has this share of the likeliest', decimalNumber)
    .option('--seed <s>', 'same seed, same text (default: 0)', wholeNumber)
    .addOption(
      new Option(
        '--forget <what>',
        'guess each answer as if none came before it: by nothing held likely, or with no caches (all) either',
      ).choices(['likely', 'all'] as const),
    )
    .option('--contexts <list>', 'time plain decoding behind texts of so many tokens too', numbers)
    .optionsGroup('What is printed:')
    .option('--out <file>', 'write the report as JSON to this file too')
    .option('--html <file>', 'write it as a page with a plot')
    .option('--csv <file>', 'write every pair as a line of comma-separated values')
    .option('--json', 'print the report as one JSON object')
    .option('-q, --quiet', 'no progress; the report and errors are still told')
    .addHelpText('after', HELP)
    .action(async ({ out, html, csv, json, quiet, ...flags }) => {
      const { runBench } = await import('../../evaluate/bench.ts');
      const { benchWorld, seededDraws } = await import('../../evaluate/bench-world.ts');
      const { planBench } = await import('../../evaluate/plan-bench.ts');
      const { model, draft, draftPositions, force, precision, device, threads } = flags;
      const { maxTokens, temperature, topP, topK, minP, seed, forget } = flags;
      const plan = {
        load: given({ model, draft, draftPositions, force, precision, device, threads }),
        ...given({
          drafters: flags.drafter,
          trees: flags.tree,
          prompts: flags.prompts,
          imageRoot: flags.imageRoot,
          against: flags.against,
          gguf: flags.againstGguf,
          contexts: flags.contexts,
          acceptance: flags.acceptance,
        }),
        pairs: flags.pairs,
        request: given({ maxTokens, temperature, topP, topK, minP, seed, forget }),
      };
      const bench = await planBench(plan, seededDraws(1));

      const format = 'measuring {bar} {value}/{total} pairs, {eta_formatted} left';
      const bar = createProgressBar(noticeStream(quiet), format);
      const { signal, beGentle, release } = createCancellation(() => bar.stop());
      beGentle();
      bar.start(bench.variants.length * bench.prompts.length * bench.repeats, 0);
      const say = (line: string) => void process.stderr.write(`${line}\n`);
      const { report, failure } = await runBench(
        bench,
        benchWorld({ signal, say, onPair: () => bar.increment() }),
      );
      bar.stop();
      release();

      if (report !== null) {
        const data = `${JSON.stringify(report, null, 2)}\n`;
        const { benchText } = await import('../../evaluate/bench-text.ts');
        process.stdout.write(json ? data : benchText(report));
        if (out !== undefined) await writeWhole(out, data);
        if (html !== undefined) {
          const { benchPage } = await import('../../evaluate/bench-page.ts');
          await writeWhole(html, await benchPage(report));
        }
        if (csv !== undefined) {
          const { benchCsv } = await import('../../evaluate/bench-csv.ts');
          await writeWhole(csv, benchCsv(report));
        }
      }
      if (failure !== null) throw failure;
      if (report?.lossless === false && !signal.aborted) process.exitCode = 1;
    });
}

const HELP = `
Examples:
  msd bench
  msd bench --drafter msd --drafter eagle --tree auto --tree 59,5,10
  msd bench --prompts prompts.jsonl --pairs 20 --out report.json
  msd bench --prompts question.jsonl --html report.html --csv pairs.csv
  msd bench --model smollm2 --against llama.cpp --against-gguf smollm2.Q4_1.gguf --against hf --html report.html
  msd bench --model big --draft big-draft --acceptance 0.79,0.79,0.79 --tree 4,2,1

--prompts FILE holds JSON Lines or a JSON list of {"prompt": "...", "images": ["a.png"], "task": "..."},
{"messages": [...], "task": "..."}, questions of MT-Bench (turns, category) or LLaVA-Bench (text, image,
category), or LLaVA conversations; of several turns the first is asked. Prompts with a task are told by task
too. Pictures lie beside the file, in its images folder or in --image-root.

--against engines answer the same ids in processes of their own, one at a time, greedily and in their own
precision, so in their own words: figures are by token written, up to the same most tokens. llama.cpp is
node-llama-cpp as npm has it built, at its fastest setting, and by its own prompt lookup; hf is transformers
with sdpa, not compiled, in float32 or bfloat16, whichever is faster. npm and pip install them beside the cache.

--acceptance measures what a draft would bring that guesses that well: the loaded draft is called for its time
and its guesses are thrown away. Every output says SYNTHETIC; texts are plain's all the same.

Every prompt is answered both ways, by turns first; the warm-up does not count. Answers are compared token
for token. Exit codes: 0 all equal, 1 an answer differs from plain's, 130 stopped by Ctrl-C, which prints
what was measured so far.`;

function drafterName(text: string): Variant['drafter'] {
  const known = (['auto', ...DRAFTER_NAMES] as const).find((name) => name === text);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`It must be auto, ${DRAFTER_NAMES.join(', ')}.`);
}

function rivalName(text: string): RivalName {
  const known = RIVALS.find((name) => name === text);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`It must be ${RIVALS.join(' or ')}.`);
}

const numbers = (text: string): number[] => text.split(',').map(decimalNumber);

/** Reads a flag that may be repeated. */
function repeated<T>(read: (text: string) => T): (text: string, before: T[] | undefined) => T[] {
  return (text, before = []) => [...before, read(text)];
}
