import type { TreeChoice } from '../contracts/drafter.ts';
import type { GenerateOptions, GenerateResult } from '../contracts/generate.ts';
import { builtInDrafter } from '../draft/drafters.ts';
import type { MsdModel } from '../load.ts';
import type { BenchPrompt } from './prompt-set.ts';

/** What is measured against plain decoding. */
export interface Contest {
  readonly drafter: string;
  readonly tree: TreeChoice;
}

/** Every drafter with every tree; where nothing drafts, plain meets itself and shows what noise alone does. */
export function contestsOf(
  drafters: readonly Contest['drafter'][],
  trees: readonly Contest['tree'][],
): Contest[] {
  return drafters.flatMap((drafter): Contest[] =>
    builtInDrafter(drafter)?.drafts === false
      ? [{ drafter, tree: 'auto' }]
      : trees.map((tree) => ({ drafter, tree })),
  );
}

/** One prompt answered both ways, one after the other. */
export interface Pair {
  /** Index of the prompt. */
  readonly prompt: number;
  readonly first: Side;
  readonly plain: GenerateResult;
  readonly speculative: GenerateResult;
}

export type Side = 'plain' | 'speculative';

/** Applied to every request of both sides. */
export type RequestSettings = Pick<
  GenerateOptions,
  'maxTokens' | 'temperature' | 'topK' | 'topP' | 'minP' | 'seed'
>;

/**
 * Answers every prompt `repeats` times both ways, side by side in time and by turns first, so that a machine that
 * slows down or warms up favours neither. Before that the first and the last prompt are answered unmeasured. It goes
 * through all prompts before it repeats one: the caches of the last few answers then help neither side. An aborted
 * signal ends it without the pair that was under way.
 */
export async function* pairedRuns(
  generate: MsdModel['generate'],
  contest: Contest,
  prompts: readonly BenchPrompt[],
  repeats: number,
  settings: RequestSettings,
  signal: AbortSignal,
): AsyncGenerator<Pair, void, undefined> {
  const pairOf = async (prompt: number, first: Side): Promise<Pair | null> => {
    const run = (side: Side) =>
      answer(generate, {
        ...settings,
        ...(side === 'plain' ? { drafter: 'none' } : contest),
        messages: prompts[prompt]?.messages ?? [],
        signal,
      });
    const second = first === 'plain' ? 'speculative' : 'plain';
    const results = { [first]: await run(first), [second]: await run(second) };
    const { plain, speculative } = results as Record<Side, GenerateResult | null>;
    return plain === null || speculative === null ? null : { prompt, first, plain, speculative };
  };

  for (const prompt of new Set([0, prompts.length - 1])) await pairOf(prompt, 'plain');
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let prompt = 0; prompt < prompts.length; prompt++) {
      const pair = await pairOf(prompt, (repeat + prompt) % 2 === 0 ? 'plain' : 'speculative');
      if (pair === null) return;
      yield pair;
    }
  }
}

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
