import { OptionError } from '../contracts/errors.ts';
import type { LoadOptions } from '../contracts/load.ts';
import { DRAFTER_NAMES } from '../draft/drafters.ts';
import { resolveOptions } from '../engine/answer/resolve-options.ts';
import { checkPictures } from '../input/node/check-pictures.ts';
import type { Bench } from './bench.ts';
import { type Contest, contestsOf, type RequestSettings } from './paired-runs.ts';
import { type PromptRecord, promptsFrom, readPrompts } from './prompt-set.ts';

/** What is measured, of which model, with which prompts. */
export interface BenchPlan {
  /** The model, as `load` takes it; with drafters of your own, `thread: false` too. Default: the embedded pair. */
  readonly load?: LoadOptions;
  /** Default `['auto']`. */
  readonly drafters?: readonly Contest['drafter'][];
  /** Every drafter runs with each. Default `['auto']`. */
  readonly trees?: readonly Contest['tree'][];
  /**
   * A file (JSON Lines or a JSON list: own records, MT-Bench, LLaVA-Bench, LLaVA), or records. Default: an embedded set of
   * twelve, which suits the embedded pair alone.
   */
  readonly prompts?: string | readonly PromptRecord[];
  /** Where pictures are looked for that are not beside the file of prompts. */
  readonly imageRoot?: string;
  /** Pairs of each prompt, plain and speculative by turns first. Default 5. */
  readonly pairs?: number;
  /** Of every request. Default `{ maxTokens: 128 }`, greedy. */
  readonly request?: RequestSettings;
}

/**
 * Fills in the defaults, and refuses what could not run before anything is loaded.
 * @throws OptionError, PromptError, ImageError
 */
export async function planBench({ load = {}, ...options }: BenchPlan): Promise<Bench> {
  const { drafters = ['auto'], trees = ['auto'], prompts: set, pairs: repeats = 5 } = options;
  if (!Number.isSafeInteger(repeats) || repeats < 1)
    throw new OptionError('pairs', 'must be a whole number of at least 1.');
  const settings = { maxTokens: 128, ...options.request };
  const prompts = await promptsOf(set, options.imageRoot);
  const contests = contestsOf(drafters, trees);
  const known = [...DRAFTER_NAMES, ...Object.keys(load.drafters ?? {})];
  for (const contest of contests) {
    for (const { messages } of prompts)
      resolveOptions({ ...settings, ...contest, messages }, known);
  }
  for (const { messages } of prompts) await checkPictures(resolveOptions({ messages }).images);
  return { load, contests, prompts, repeats, settings };
}

async function promptsOf(
  set: BenchPlan['prompts'],
  imageRoot: string | undefined,
): Promise<Bench['prompts']> {
  if (typeof set === 'string') return readPrompts(set, imageRoot);
  if (set !== undefined) return promptsFrom(set, imageRoot);
  const { embeddedPrompts } = await import('./embedded-prompts.ts');
  return embeddedPrompts();
}
