import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import cliProgress from 'cli-progress';
import { writeWhole } from '../checkpoint/write-file.ts';
import { DRAFTER_NAMES, type TreeShape } from '../contracts/drafter.ts';
import { DEVICES } from '../contracts/load.ts';
import { uniform } from '../decode/uniform.ts';
import { runBench } from '../evaluate/bench.ts';
import { benchText } from '../evaluate/bench-text.ts';
import { embeddedPrompts } from '../evaluate/embedded-prompts.ts';
import { readMachine } from '../evaluate/machine.ts';
import type { Contest } from '../evaluate/paired-runs.ts';
import { readPrompts } from '../evaluate/prompt-set.ts';
import { load } from '../load.ts';

/**
 * `msd bench`: speculative decoding against plain, in pairs. Exit code 1 if any answer differs from plain's, 130 after
 * Ctrl-C; the report of what was measured is printed either way.
 */
export function benchCommand() {
  return new Command('bench')
    .description('measure speculative decoding against plain, in interleaved pairs')
    .option('--model <dir>', 'model folder (default: the embedded pair)')
    .option('--draft <dir>', "folder of the model's draft")
    .addOption(
      new Option('--drafter <name>', 'drafter to measure; repeat to compare several')
        .argParser(collect(parseDrafter))
        .default(['auto'] as Contest['drafter'][], 'auto'),
    )
    .addOption(
      new Option('--tree <auto|T,D,K>', 'tree to measure; repeat to compare several')
        .argParser(collect(parseTree))
        .default(['auto'] as Contest['tree'][], 'auto'),
    )
    .option('--prompts <file>', 'JSON Lines or LLaVA conversations (default: an embedded set)')
    .option('--pairs <n>', 'pairs of each prompt', whole, 5)
    .option('--max-tokens <n>', 'most tokens of an answer', whole, 128)
    .option('--temperature <t>', '0 is greedy', number, 0)
    .option('--top-p <p>', 'keep the smallest set with this mass', number)
    .option('--top-k <k>', 'keep the k most likely', number)
    .option('--min-p <p>', 'keep what has this share of the most likely', number)
    .option('--seed <seed>', 'of sampling', number)
    .option('--threads <n>', "threads of one operator (default: the machine's cores)", whole)
    .addOption(new Option('--device <name>', 'where sessions run').choices(DEVICES))
    .option('--out <file>', 'write the report as JSON to this file too')
    .option('--json', 'print the report as JSON')
    .action(async ({ model, draft, device, threads, ...options }) => {
      const prompts = await (options.prompts ? readPrompts(options.prompts) : embeddedPrompts());
      const contests = options.drafter.flatMap((drafter): Contest[] =>
        drafter === 'none'
          ? [{ drafter, tree: 'auto' }]
          : options.tree.map((tree) => ({ drafter, tree })),
      );
      const { pairs, maxTokens, temperature, topP, topK, minP, seed } = options;
      const bar = new cliProgress.SingleBar({
        format: 'measuring {bar} {value}/{total} pairs, {eta_formatted} left',
        clearOnComplete: true,
        gracefulExit: false,
      });
      const controller = new AbortController();
      const interrupt = () => controller.abort();
      process.once('SIGINT', interrupt); // a second Ctrl-C then ends the program at once
      bar.start(contests.length * prompts.length * pairs, 0);
      let draws = 0;
      const { report, failure } = await runBench(
        {
          load: given({ model, draft, device, threads }),
          contests,
          prompts,
          repeats: pairs,
          settings: given({ maxTokens, temperature, topP, topK, minP, seed }),
        },
        {
          load,
          machine: readMachine(),
          random: () => uniform(0, draws++),
          signal: controller.signal,
          onPair: () => bar.increment(),
        },
      ).finally(() => {
        bar.stop();
        process.off('SIGINT', interrupt);
      });

      if (report !== null) {
        const json = `${JSON.stringify(report, null, 2)}\n`;
        process.stdout.write(options.json ? json : benchText(report));
        if (options.out !== undefined) await writeWhole(options.out, json);
      }
      if (failure !== null) throw failure;
      if (report?.lossless === false) process.exitCode = 1;
      if (controller.signal.aborted) process.exitCode = 130;
    });
}

function parseDrafter(text: string): Contest['drafter'] {
  const known = (['auto', ...DRAFTER_NAMES] as const).find((name) => name === text);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(`It must be auto, ${DRAFTER_NAMES.join(', ')}.`);
}

function parseTree(text: string): Contest['tree'] {
  if (text === 'auto') return 'auto';
  const [, total, depth, topK] = text.match(/^(\d+),(\d+),(\d+)$/) ?? [];
  if (topK !== undefined)
    return { total: Number(total), depth: Number(depth), topK: Number(topK) } satisfies TreeShape;
  throw new InvalidArgumentError('It must be auto, or total,depth,top-k such as 59,5,10.');
}

function whole(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number.');
}

/** Values of an option that may be repeated; the first replaces the default. */
function collect<T>(parse: (text: string) => T): (text: string, before: T[]) => T[] {
  let mine: T[] = [];
  return (text) => {
    mine = [...mine, parse(text)];
    return mine;
  };
}

/** The options that were given. */
function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
