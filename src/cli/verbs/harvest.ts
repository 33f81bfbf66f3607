import { Command, Option } from '@commander-js/extra-typings';
import { OptionError } from '../../contracts/errors.ts';
import { DEVICES } from '../../contracts/load.ts';
import { resolveOptions } from '../../engine/answer/resolve-options.ts';
import { resolveLoadOptions } from '../../load.ts';
import { type HarvestProgress, speedText } from '../../train/harvest/harvest-progress.ts';
import { given } from '../flags/given.ts';
import { decimalNumber, precision, wholeNumber } from '../flags/parse-flags.ts';
import { createCancellation } from '../terminal/cancellation.ts';
import { createProgressBar } from '../terminal/progress-bar.ts';

/**
 * `msd harvest`: the target answers the prompts of training data, many at a time. Exit code 130 after Ctrl-C, which keeps
 * what is answered; the same command goes on from there.
 */
export function harvestCommand() {
  return new Command('harvest')
    .description(
      'let the target answer the prompts of training data, so that a draft learns its words',
    )
    .argument('<DATA...>', 'JSON or JSON Lines: LLaVA or ShareGPT conversations, or chat messages')
    .requiredOption('--out <file>', 'where the answers go, as JSON Lines of chat messages')
    .optionsGroup('What runs:')
    .option(
      '--model <model>',
      'target: a folder, or owner/name after msd pull (default: the embedded one)',
    )
    .option('--batch <n>', 'dialogues that are answered at a time', wholeNumber, 16)
    .option('--threads <n>', "threads of one operator (default: the machine's cores)", wholeNumber)
    .addOption(
      new Option(
        '--precision <list>',
        'fp32, w8a8 or int4, or by part as decoder=w8a8,head=fp32: take the one that will serve (default: w8a8 of the embedded model, fp32 of others)',
      ).argParser(precision),
    )
    .addOption(new Option('--device <name>', 'where the networks run').choices(DEVICES))
    .optionsGroup('What is asked:')
    .addOption(
      new Option('--turns <which>', "of each dialogue all the user's turns, or the first alone")
        .choices(['all', 'first'] as const)
        .default('all' as const),
    )
    .option('--limit <n>', 'the first n dialogues only', wholeNumber)
    .option('--image-root <dir>', 'where pictures are that are not beside their data file')
    .option('--skip-bad', 'leave out records that are broken or can not be asked')
    .optionsGroup('How tokens are chosen:')
    .option('--max-tokens <n>', 'most tokens of an answer (default: 256)', wholeNumber)
    .option('--drop-cut', 'end a dialogue before an answer that --max-tokens cuts')
    .option(
      '--drop-loops',
      'end a dialogue before an answer in which the same 8 tokens stand three times',
    )
    .option('--temperature <t>', '0 is greedy: always the likeliest (default: 0)', decimalNumber)
    .option('--top-p <p>', 'keep the likeliest that together have this mass', decimalNumber)
    .option('--top-k <k>', 'keep the k likeliest', wholeNumber)
    .option('--min-p <p>', 'keep what has this share of the likeliest', decimalNumber)
    .option('--seed <s>', 'same seed, same answers (default: 0)', wholeNumber)
    .optionsGroup('What is kept on the way:')
    .option('--save-every <s>', 'seconds between saves', decimalNumber, 30)
    .optionsGroup('What is kept for trainings:')
    .option('--features <dir>', 'a feature cache: features and likeliest tokens of every answer')
    .option(
      '--features-gb <n>',
      'its most gigabytes; what was read longest ago makes room',
      decimalNumber,
      10,
    )
    .addHelpText('after', HELP)
    .action(async (paths, flags) => {
      const { model, precision, device, threads, imageRoot, limit, out, batch, saveEvery, turns } =
        flags;
      requireRange('batch', batch, 1, 1024);
      requireRange('limit', limit ?? 1, 1, Infinity);
      requireRange('save-every', saveEvery, 0, Infinity);
      requireRange('features-gb', flags.featuresGb, 0.01, Infinity);
      const { maxTokens, temperature, topP, topK, minP, seed } = flags;
      const chosen = given({ maxTokens, temperature, topP, topK, minP, seed });
      const { sampling, maxTokens: most } = resolveOptions({ ...chosen, prompt: 'any' });
      const { dropCut = false, dropLoops = false, skipBad = false } = flags;
      const settings = { turns, sampling, maxTokens: most, dropCut, dropLoops };
      const load = {
        ...resolveLoadOptions(given({ model, precision, device, threads })),
        draft: null,
      };

      const shown = createDisplay(process.stderr);
      const { signal, beGentle, release } = createCancellation(shown.clear);
      const { createNodeHost } = await import('../../engine/node/node-host.ts');
      const { runHarvest } = await import('../../train/harvest/run-harvest.ts');
      try {
        await runHarvest(
          {
            ...{ paths, out, load, batch, settings, skipBad, saveEvery },
            ...given({ imageRoot, limit }),
            ...(flags.features !== undefined && {
              features: { folder: flags.features, limitBytes: flags.featuresGb * 2 ** 30 },
            }),
          },
          {
            host: await createNodeHost(load),
            cancelled: () => signal.aborted,
            tell: (text) => {
              shown.clear();
              process.stderr.write(text);
            },
            onBegin: beGentle,
            onProgress: shown.update,
          },
        );
      } finally {
        shown.clear();
        release();
      }
    });
}

function requireRange(option: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  const range = most === Infinity ? `at least ${least}` : `from ${least} to ${most}`;
  throw new OptionError(option, `must be ${range}.`);
}

/** Milliseconds between two looks at how far it is: on a terminal, and in a file that someone follows. */
const LOOK = { terminal: 100, file: 10_000 };

/** How far it is: a bar on a terminal, else a line now and then. */
function createDisplay(stream: NodeJS.WriteStream) {
  const format = 'answering {bar} {value}/{total} turns, {speed}';
  const bar = createProgressBar(stream, format);
  let last = performance.now();
  return {
    update(progress: () => HarvestProgress) {
      if (performance.now() - last < (stream.isTTY ? LOOK.terminal : LOOK.file)) return;
      last = performance.now();
      const now = progress();
      const speed = speedText(now);
      if (!stream.isTTY) stream.write(`${now.done}/${now.total} turns, ${speed}\n`);
      else if (bar.isActive) bar.update(now.done, { speed });
      else bar.start(now.total, now.done, { speed });
    },
    clear: () => {
      if (bar.isActive) bar.stop();
    },
  };
}

const HELP = `
Examples:
  msd harvest train.json --out answers.jsonl
  msd harvest text.jsonl visual.json --out answers.jsonl --temperature 0.7 --seed 1 --batch 32
  msd harvest train.json --out first.jsonl --turns first --limit 1000 --max-tokens 128

Each of the user's turns is asked in order, after the target's own earlier answers; the data's answers are
not read. An answer has the words that msd run --drafter none gives for the same messages and seed, whatever
the batch. FILE gets one record a line, in the order of the data, which msd train reads as it is:
  {"messages": [{"role": "user", "content": "..."}, {"role": "assistant", "content": "..."}],
   "harvest": {"dialogue": 0, "file": "train.json", "record": 0,
               "answers": [{"finish": "stop", "tokens": 9, "ids": [3, ...], "seed": 4052}]}}
An answer that --max-tokens or the context cuts has "finish": "length"; it is kept, and the dialogue goes on,
unless --drop-cut. A dialogue ends early before an empty answer and where its next turn does not fit the
context. The seed of an answer follows from --seed, the dialogue's place and the turn.

Until all is answered it is kept in FILE.parts, saved every --save-every seconds: whatever stops a run, the
same command goes on from the last save (dialogues under way then are asked again) and gives the same file in
the end. Other options or data are refused; --batch, --threads, --save-every and --skip-bad may change. Keys
and values take memory for --batch times the longest dialogue under way.
Exit codes: 0 done, 1 failed, 2 called wrongly, 130 stopped by Ctrl-C, which saves first.`;
