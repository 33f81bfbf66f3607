import type { Drafter, TreeShape } from '../../src/contracts/drafter.ts';
import type { Sampling } from '../../src/contracts/generate.ts';
import { readPrompt } from '../../src/engine/answer/read-prompt.ts';
import { resolveOptions } from '../../src/engine/answer/resolve-options.ts';
import { engineOf } from '../../src/engine/engine.ts';
import type { Host } from '../../src/engine/host.ts';
import { openDrafters } from '../../src/engine/load/drafters.ts';
import type { Model } from '../../src/engine/model.ts';

/** How prompts are answered: all at the same settings, so many at a time. */
export interface Way {
  readonly sampling: Sampling;
  readonly maxTokens: number;
  readonly together: number;
  /** Null decodes plainly. */
  readonly draft: { readonly drafter: Drafter; readonly tree: TreeShape } | null;
}

export interface Answers {
  readonly ids: readonly (readonly number[])[];
  readonly passes: number;
  /** Rows that were verified, over all passes. */
  readonly nodes: number;
}

/** Answers all prompts, in an engine of their own; where one ends the next takes its place. */
export async function answerTogether(
  host: Host,
  model: Model,
  prompts: readonly string[],
  { sampling, maxTokens, together, draft }: Way,
): Promise<Answers> {
  const drafters = draft === null ? model.drafters : openDrafters([draft.drafter]);
  const engine = engineOf(host, { ...model, drafters, dispose: async () => {} });
  const ids: (readonly number[])[] = [];
  let [passes, nodes] = [0, 0];
  const waiting = prompts.entries();
  const seat = async () => {
    for (const [at, prompt] of waiting) {
      const asked = resolveOptions({
        prompt,
        ...sampling,
        seed: sampling.seed + at,
        maxTokens,
        drafter: draft === null ? 'none' : 'auto',
        ...(draft !== null && { tree: draft.tree }),
      });
      const result = await engine.generate({ ...asked, images: [] }, () => {});
      ids[at] = result.ids;
      passes += result.passes;
      nodes += result.rounds.reduce((sum, round) => sum + round.nodes, 0);
    }
  };
  try {
    await Promise.all(Array.from({ length: together }, seat));
  } finally {
    await engine.dispose();
  }
  return { ids, passes, nodes };
}

/** A prompt's ids. */
export function promptIds(model: Model, prompt: string): readonly number[] {
  const { messages } = resolveOptions({ prompt });
  return [...readPrompt(model, { messages }, []).ids];
}
