import type { LoadOptions, ModelInfo } from '../contracts/load.ts';
import type { load } from '../load.ts';
import { type BenchReport, benchReport, type MeasuredVariant } from './bench-report.ts';
import { type ContextCost, type ContextReport, contextLine, contextRuns } from './context-runs.ts';
import { longPrompt } from './long-prompt.ts';
import type { Machine } from './machine.ts';
import {
  type Pair,
  type PairedRuns,
  pairedRuns,
  type RequestSettings,
  type Script,
  type Variant,
} from './paired-runs.ts';
import type { BenchPrompt } from './prompt-set.ts';
import type { openRivals, RivalName } from './rivals/open-rivals.ts';
import type { openPromptIds, PromptIds } from './rivals/prompt-ids.ts';
import type { RivalProcess } from './rivals/rival-process.ts';

export interface Bench {
  readonly load: LoadOptions;
  readonly variants: readonly Variant[];
  readonly prompts: readonly BenchPrompt[];
  /** Pairs of each prompt. */
  readonly repeats: number;
  readonly settings: RequestSettings;
  /** Other engines that answer too. */
  readonly against: readonly RivalName[];
  /** The model for llama.cpp. */
  readonly gguf?: string;
  /** Lengths of text behind which plain decoding is timed. */
  readonly contexts: readonly number[];
  /** Of a draft that only plays one. */
  readonly synthetic: { readonly acceptance: readonly number[]; readonly script: Script } | null;
}

/** What a bench needs from around it. */
export interface BenchWorld {
  readonly load: typeof load;
  readonly machine: Machine;
  /** Uniform in [0, 1), for the intervals. */
  readonly random: () => number;
  /** Bytes that this process holds in memory now. */
  readonly residentBytes: () => number;
  readonly openPromptIds: typeof openPromptIds;
  readonly openRivals: typeof openRivals;
  /** Told what is installed. */
  readonly say: (line: string) => void;
  /** Aborted, it ends the bench with what was measured so far. */
  readonly signal: AbortSignal;
  /** Told after each pair. */
  readonly onPair: () => void;
}

/** Tokens of the prompts that the time to the first token is taken of. */
const LONG_PROMPT = 300;
/** llama.cpp rounds its context up to such steps anyway. */
const CONTEXT_STEP = 256;

/**
 * Measures each variant against plain decoding, and other engines by turns with both. A variant loads the model anew, so
 * that what the automatic tree learnt in one does not help the next; rivals stay open, each in its process. A failure ends
 * the bench; what was measured before is reported with it.
 */
export async function runBench(
  bench: Bench,
  world: BenchWorld,
): Promise<{ report: BenchReport | null; failure: unknown }> {
  const { prompts, repeats, settings, synthetic } = bench;
  const { signal, machine } = world;
  const variants: MeasuredVariant[] = [];
  let info: ModelInfo | undefined;
  let contexts: ContextReport | null = null;
  let processes: RivalProcess[] = [];
  let failure: unknown = null;
  try {
    const words = needsWords(bench) ? await world.openPromptIds(bench.load) : null;
    const long = words === null ? [] : longPrompts(bench, words);
    if (words !== null) processes = await openAll(bench, world, words, long);
    const rivals = processes.flatMap((one) => one.rivals);
    for (const variant of bench.variants) {
      if (signal.aborted) break;
      await using model = await world.load(bench.load);
      info ??= model.info;
      const pairs: Pair[] = [];
      const firstTokens: Pair[] = [];
      const mine = { pairs, firstTokens, residentBytes: 0 };
      variants.push(mine);
      const runs: PairedRuns = {
        ...{ model, variant, prompts, repeats, settings, signal, rivals },
        ...(words !== null && { idsOf: ({ messages }: BenchPrompt) => words.read(messages) }),
        ...(synthetic !== null && { script: synthetic.script }),
      };
      for await (const pair of pairedRuns(runs)) {
        pairs.push(pair);
        world.onPair();
      }
      const { script: _, ...unscripted } = runs; // one token is not drafted
      const one = { ...settings, maxTokens: 1 };
      const first = { ...unscripted, prompts: long, repeats: 1, settings: one, warmUp: false };
      for await (const pair of pairedRuns(first)) firstTokens.push(pair);
      mine.residentBytes = world.residentBytes();
    }
    if (words !== null && bench.contexts.length > 0 && !signal.aborted)
      contexts = await measureContexts(bench, world, words);
  } catch (error) {
    failure = error;
  } finally {
    await Promise.all(processes.map((one) => one.close()));
  }
  if (info === undefined) return { report: null, failure };
  const ended = failure !== null ? 'failed' : signal.aborted ? 'interrupted' : 'complete';
  const measured = {
    ended,
    info,
    machine,
    settings,
    prompts,
    repeats,
    variants,
    contexts,
  } as const;
  const rivals = processes.flatMap((one) => one.rivals);
  const acceptance = synthetic?.acceptance ?? null;
  return { report: benchReport({ ...measured, rivals, acceptance }, world.random), failure };
}

const needsWords = ({ against, contexts }: Bench): boolean => against.length + contexts.length > 0;

/** As many as there are pairs of a prompt, none where there is nobody to compare with. */
function longPrompts(
  { against, repeats }: Bench,
  { contextLength, read }: PromptIds,
): BenchPrompt[] {
  const tokens = Math.min(LONG_PROMPT, contextLength - 1);
  return against.length === 0
    ? []
    : Array.from({ length: repeats }, (_, number) => longPrompt(tokens, number, read));
}

async function openAll(
  { against, gguf, prompts, settings }: Bench,
  world: BenchWorld,
  { folder, threads, end, read }: PromptIds,
  long: readonly BenchPrompt[],
): Promise<RivalProcess[]> {
  const [prompt] = prompts;
  if (against.length === 0 || prompt === undefined) return [];
  const longest = Math.max(...[...prompts, ...long].map(({ messages }) => read(messages).length));
  const room = longest + (settings.maxTokens ?? 0) + 1;
  const contextSize = Math.ceil(room / CONTEXT_STEP) * CONTEXT_STEP;
  const opening = { prompt: read(prompt.messages), end, threads, contextSize };
  return world.openRivals(against, { folder, ...(gguf && { gguf }) }, opening, world.say);
}

/** Of the target alone: a draft would take part of the cache. */
async function measureContexts(
  { load, contexts, repeats }: Bench,
  world: BenchWorld,
  { folder, read, contextLength }: PromptIds,
): Promise<ContextReport> {
  const { draft: _, drafters: __, ...rest } = load;
  await using model = await world.load({ ...rest, model: folder });
  const prompts = contexts
    .filter((tokens) => tokens < contextLength)
    .map((tokens, number) => longPrompt(tokens, number, read));
  const costs: ContextCost[] = await contextRuns(model.generate, prompts, repeats, world.signal);
  const { cacheBytesPerToken, weightBytes } = model.info;
  return { costs, line: contextLine(costs), cacheBytesPerToken, weightBytes };
}
