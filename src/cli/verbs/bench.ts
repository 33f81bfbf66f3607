import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import cliProgress from 'cli-progress';
import { uniform } from '../../decode/uniform.ts';
import { DRAFTER_NAMES } from '../../draft/drafters.ts';
import { runBench } from '../../evaluate/bench.ts';
import { benchCsv } from '../../evaluate/bench-csv.ts';
import { benchPage } from '../../evaluate/bench-page.ts';
import { benchText } from '../../evaluate/bench-text.ts';
import { readMachine } from '../../evaluate/machine.ts';
import type { Contest } from '../../evaluate/paired-runs.ts';
import { planBench } from '../../evaluate/plan-bench.ts';
import { writeWhole } from '../../files/write-file.ts';
import { load } from '../../load.ts';
import { given } from '../flags/given.ts';
import { loadFlags } from '../flags/model-flags.ts';
import { decimalNumber, treeChoice, wholeNumber } from '../flags/parse-flags.ts';
import { createCancellation } from '../terminal/cancellation.ts';
import { noticeStream } from '../terminal/notice-stream.ts';

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
    .optionsGroup('What is printed:')
    .option('--out <file>', 'write the report as JSON to this file too')
    .option('--html <file>', 'write it as a page with a plot')
    .option('--csv <file>', 'write every pair as a line of comma-separated values')
    .option('--json', 'print the report as one JSON object')
    .option('-q, --quiet', 'no progress; the report and errors are still told')
    .addHelpText('after', HELP)
    .action(async ({ out, html, csv, json, quiet, ...flags }) => {
      const { model, draft, draftPositions, force, precision, device, threads } = flags;
      const { maxTokens, temperature, topP, topK, minP, seed } = flags;
      const bench = await planBench({
        load: given({ model, draft, draftPositions, force, precision, device, threads }),
        ...given({
          drafters: flags.drafter,
          trees: flags.tree,
          prompts: flags.prompts,
          imageRoot: flags.imageRoot,
        }),
        pairs: flags.pairs,
        request: given({ maxTokens, temperature, topP, topK, minP, seed }),
      });

      const bar = new cliProgress.SingleBar({
        stream: noticeStream(quiet),
        format: 'measuring {bar} {value}/{total} pairs, {eta_formatted} left',
        clearOnComplete: true,
        gracefulExit: false,
      });
      const { signal, beGentle, release } = createCancellation(() => bar.stop());
      beGentle();
      bar.start(bench.contests.length * bench.prompts.length * bench.repeats, 0);
      let draws = 0;
      const { report, failure } = await runBench(bench, {
        load,
        machine: readMachine(),
        random: () => uniform(0, draws++),
        signal,
        onPair: () => bar.increment(),
      });
      bar.stop();
      release();

      if (report !== null) {
        const data = `${JSON.stringify(report, null, 2)}\n`;
        process.stdout.write(json ? data : benchText(report));
        if (out !== undefined) await writeWhole(out, data);
        if (html !== undefined) await writeWhole(html, await benchPage(report));
        if (csv !== undefined) await writeWhole(csv, benchCsv(report));
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

--prompts FILE holds JSON Lines or a JSON list of {"prompt": "...", "images": ["a.png"], "task": "..."},
{"messages": [...], "task": "..."}, questions of MT-Bench (turns, category) or LLaVA-Bench (text, image,
category), or LLaVA conversations; of several turns the first is asked. Prompts with a task are told by task
too. Pictures lie beside the file, in its images folder or in --image-root.

Every prompt is answered both ways, by turns first; the warm-up does not count. Answers are compared token
for token. Exit codes: 0 all equal, 1 an answer differs from plain's, 130 stopped by Ctrl-C, which prints
what was measured so far.`;

function drafterName(text: string): Contest['drafter'] {
  const known = (['auto', ...DRAFTER_NAMES] as const).find((name) => name === text);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`It must be auto, ${DRAFTER_NAMES.join(', ')}.`);
}

/** Reads a flag that may be repeated. */
function repeated<T>(read: (text: string) => T): (text: string, before: T[] | undefined) => T[] {
  return (text, before = []) => [...before, read(text)];
}
