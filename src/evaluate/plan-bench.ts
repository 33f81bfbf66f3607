import { OptionError } from '../contracts/errors.ts';
import type { LoadOptions } from '../contracts/load.ts';
import { DRAFTER_NAMES } from '../draft/drafters.ts';
import { resolveOptions } from '../engine/answer/resolve-options.ts';
import { fileExists } from '../files/json-file.ts';
import { checkPictures } from '../input/node/check-pictures.ts';
import type { Bench } from './bench.ts';
import { type RequestSettings, type Variant, variantsOf } from './paired-runs.ts';
import { type PromptRecord, promptsFrom, readPrompts } from './prompt-set.ts';
import { RIVALS, type RivalName } from './rivals/open-rivals.ts';
import { SYNTHETIC, type SyntheticDraft, syntheticDraft } from './synthetic-drafter.ts';

/** What is measured, of which model, with which prompts. */
export interface BenchPlan {
  /** The model, as `load` takes it; with drafters of your own, `thread: false` too. Default: the embedded model. */
  readonly load?: LoadOptions;
  /** Default `['auto']`. */
  readonly drafters?: readonly Variant['drafter'][];
  /** Every drafter runs with each. Default `['auto']`. */
  readonly trees?: readonly Variant['tree'][];
  /**
   * A file (JSON Lines or a JSON list: own records, MT-Bench, LLaVA-Bench, LLaVA), or records. Default: an embedded set of
   * twelve, half of them about a picture.
   */
  readonly prompts?: string | readonly PromptRecord[];
  /** Where pictures are looked for that are not beside the file of prompts. */
  readonly imageRoot?: string;
  /** Pairs of each prompt, plain and speculative by turns first. Default 5. */
  readonly pairs?: number;
  /**
   * Other engines, which answer the same prompts by turns, in processes of their own: `llama.cpp` (node-llama-cpp, which
   * npm installs beside the cache) and `hf` (transformers, which pip does). Prompts then have no pictures. Default none.
   */
  readonly against?: readonly RivalName[];
  /** The same model as a GGUF file, for llama.cpp. */
  readonly gguf?: string;
  /** Lengths of text, in tokens, behind which plain decoding is timed too. Default none. */
  readonly contexts?: readonly number[];
  /**
   * Measures a SYNTHETIC draft: the loaded one is called for its time, and proposed is plain's own text, each token right
   * with its depth's probability, its parent being right. It is the drafter unless others are named.
   */
  readonly acceptance?: readonly number[];
  /** Of every request. Default `{ maxTokens: 128 }`, greedy. */
  readonly request?: RequestSettings;
}

/**
 * Fills in the defaults, and refuses what could not run before anything is loaded.
 * @param random uniform in [0, 1), for a synthetic draft
 * @throws OptionError, PromptError, ImageError
 */
export async function planBench(
  { load: given = {}, ...options }: BenchPlan,
  random: () => number,
): Promise<Bench> {
  const { trees = ['auto'], prompts: set, pairs: repeats = 5 } = options;
  const { acceptance, against = [], gguf, contexts = [] } = options;
  if (!Number.isSafeInteger(repeats) || repeats < 1)
    throw new OptionError('pairs', 'must be a whole number of at least 1.');
  if (contexts.some((tokens) => !Number.isSafeInteger(tokens) || tokens < LEAST_CONTEXT))
    throw new OptionError('contexts', `must be whole numbers of at least ${LEAST_CONTEXT}.`);
  const settings = { maxTokens: 128, ...options.request };
  const prompts = await promptsOf(set, options.imageRoot);
  await checkRivals(against, gguf, prompts);

  const draft = acceptance === undefined ? null : playedDraft(acceptance, random);
  const load =
    draft === null
      ? given
      : { ...given, thread: false, drafters: { ...given.drafters, [SYNTHETIC]: draft.create } };
  const drafters = [
    ...(options.drafters ?? (draft === null ? ['auto'] : [])),
    ...(draft === null ? [] : [SYNTHETIC]),
  ];
  const variants = variantsOf(drafters, trees);
  const known = [...DRAFTER_NAMES, ...Object.keys(load.drafters ?? {})];
  for (const variant of variants) {
    for (const { messages } of prompts)
      resolveOptions({ ...settings, ...variant, messages }, known);
  }
  for (const { messages } of prompts) await checkPictures(resolveOptions({ messages }).images);
  return {
    ...{ load, variants, prompts, repeats, settings, against, contexts },
    ...(gguf !== undefined && { gguf }),
    synthetic: draft && { acceptance: acceptance ?? [], script: draft.script },
  };
}

/** A question takes some, whatever its text. */
const LEAST_CONTEXT = 64;

async function checkRivals(
  against: readonly RivalName[],
  gguf: string | undefined,
  prompts: Bench['prompts'],
): Promise<void> {
  const [unknown] = against.filter((name) => !RIVALS.includes(name));
  if (unknown !== undefined) throw new OptionError('against', `must be ${RIVALS.join(' or ')}.`);
  if (against.length > 0 && prompts.some(({ images }) => images > 0))
    throw new OptionError(
      'against',
      'takes prompts without pictures; leave those that have some out.',
    );
  if (!against.includes('llama.cpp')) return;
  if (gguf === undefined || !(await fileExists(gguf)))
    throw new OptionError('gguf', 'must name the GGUF file of the same model, for llama.cpp.');
}

function playedDraft(acceptance: readonly number[], random: () => number): SyntheticDraft {
  if (acceptance.length === 0 || !acceptance.every((chance) => chance >= 0 && chance <= 1))
    throw new OptionError('acceptance', 'must be probabilities from 0 to 1, one for each depth.');
  return syntheticDraft(acceptance, random);
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
