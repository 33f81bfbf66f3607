import type { TreeChoice } from '../contracts/drafter.ts';
import type { GenerateOptions, GenerateResult } from '../contracts/generate.ts';
import { builtInDrafter } from '../draft/drafters.ts';
import type { MsdModel } from '../load.ts';
import type { BenchPrompt } from './prompt-set.ts';
import type { Rival, RivalAnswer } from './rivals/rival.ts';

/** What is measured against plain decoding. */
export interface Variant {
  readonly drafter: string;
  readonly tree: TreeChoice;
}

/** Every drafter with every tree; where nothing drafts, plain meets itself and shows what noise alone does. */
export function variantsOf(
  drafters: readonly Variant['drafter'][],
  trees: readonly Variant['tree'][],
): Variant[] {
  return drafters.flatMap((drafter): Variant[] =>
    builtInDrafter(drafter)?.drafts === false
      ? [{ drafter, tree: 'auto' }]
      : trees.map((tree) => ({ drafter, tree })),
  );
}

/** One prompt answered both ways, one after the other, and by rivals before or behind. */
export interface Pair {
  /** Index of the prompt. */
  readonly prompt: number;
  readonly first: Side;
  readonly plain: GenerateResult;
  readonly speculative: GenerateResult;
  /** In their order. */
  readonly rivals?: readonly RivalAnswer[];
}

export type Side = 'plain' | 'speculative';

/** Applied to every request of both sides; rivals write greedily whatever it says. */
export type RequestSettings = Pick<
  GenerateOptions,
  'maxTokens' | 'temperature' | 'topK' | 'topP' | 'minP' | 'seed' | 'forget'
>;

/** Plain's texts as a synthetic draft is to write them. */
export interface Script {
  /** Told of each plain answer. */
  learn(prompt: number, answer: GenerateResult): void;
  /** The next speculative answer is to this prompt. */
  follow(prompt: number): void;
}

export interface PairedRuns {
  readonly model: Pick<MsdModel, 'generate' | 'forget'>;
  readonly variant: Variant;
  readonly prompts: readonly BenchPrompt[];
  readonly repeats: number;
  readonly settings: RequestSettings;
  readonly signal: AbortSignal;
  /** Each answers every prompt once a repetition too. */
  readonly rivals?: readonly Pick<Rival, 'answer'>[];
  /** Ids of a prompt, which rivals are given. */
  readonly idsOf?: (prompt: BenchPrompt) => readonly number[];
  /** For a draft that knows plain's texts. */
  readonly script?: Script;
  /** Answers the first and the last prompt unmeasured beforehand. Default true. */
  readonly warmUp?: boolean;
}

/**
 * Answers every prompt `repeats` times both ways, side by side in time and by turns first, so that a machine that
 * slows down or warms up favours neither. Before that the first and the last prompt are answered unmeasured. It goes
 * through all prompts before it repeats one, and forgets what was held likely in them: neither their caches nor their words then help. An aborted
 * signal ends it without the pair that was under way.
 *
 * Rivals answer in a turn around the pair, which stands before, between or behind them by turns; one works at a time.
 * Where a draft follows plain's texts, plain is first throughout the first repetition.
 */
export async function* pairedRuns(runs: PairedRuns): AsyncGenerator<Pair, void, undefined> {
  const { model, variant, prompts, repeats, settings, signal, script } = runs;
  const { rivals = [], idsOf = () => [], warmUp = true } = runs;
  const pairOf = async (prompt: number, first: Side, before: number): Promise<Pair | null> => {
    const asked = prompts[prompt];
    if (asked === undefined) return null;
    const theirs: RivalAnswer[] = [];
    const askRivals = async (from: number, to: number) => {
      for (const rival of rivals.slice(from, to)) {
        if (signal.aborted) return;
        theirs.push(await rival.answer(idsOf(asked), settings.maxTokens ?? DEFAULT_TOKENS));
      }
    };
    const run = async (side: Side) => {
      if (side === 'speculative') script?.follow(prompt);
      const result = await answer(model.generate, {
        ...settings,
        ...(side === 'plain' ? { drafter: 'none' } : variant),
        messages: asked.messages,
        signal,
      });
      if (side === 'plain' && result !== null) script?.learn(prompt, result);
      return result;
    };
    await askRivals(0, before);
    const second = first === 'plain' ? 'speculative' : 'plain';
    const results = { [first]: await run(first), [second]: await run(second) };
    await askRivals(before, rivals.length);
    const { plain, speculative } = results as Record<Side, GenerateResult | null>;
    if (plain === null || speculative === null || theirs.length < rivals.length) return null;
    const pair = { prompt, first, plain, speculative };
    return rivals.length === 0 ? pair : { ...pair, rivals: theirs };
  };

  if (warmUp)
    for (const prompt of new Set([0, prompts.length - 1])) await pairOf(prompt, 'plain', 0);
  for (let repeat = 0; repeat < repeats; repeat++) {
    model.forget();
    for (let prompt = 0; prompt < prompts.length; prompt++) {
      const turn = repeat + prompt;
      const plainFirst = turn % 2 === 0 || (script !== undefined && repeat === 0);
      const before = Math.floor(turn / 2) % (rivals.length + 1);
      const pair = await pairOf(prompt, plainFirst ? 'plain' : 'speculative', before);
      if (pair === null) return;
      yield pair;
    }
  }
}

/** As the engine has it. */
const DEFAULT_TOKENS = 256;

/** Null if it was cancelled. */
async function answer(
  generate: MsdModel['generate'],
  options: GenerateOptions,
): Promise<GenerateResult | null> {
  if (options.signal?.aborted) return null;
  for await (const event of generate(options)) {
    if (event.type === 'done' && event.result.finishReason !== 'cancelled') return event.result;
  }
  return null;
}
