import { firstDifference } from '../../src/evaluate/first-difference.ts';
import type { Answer } from './hugging-face.ts';

/** Logits nearer to each other may change order by how sums are rounded. */
export const TIE = 1e-3;

export type Verdict =
  | { readonly kind: 'equal' }
  /** `token` is where the answers part, counted from 1. */
  | { readonly kind: 'near tie'; readonly token: number; readonly shortfall: number }
  | { readonly kind: 'differs'; readonly reason: string };

export interface Rules {
  /** Ids that end an answer. */
  readonly end: readonly number[];
  readonly maxTokens: number;
}

/**
 * Compares an answer of ours with Hugging Face's. One that differs counts as a near tie only if Hugging Face, reading
 * it with `judge`, finds every token of it within `TIE` of its highest logit, and it ends where an answer may.
 */
export async function compareAnswers(
  ours: Answer,
  theirs: Answer,
  rules: Rules,
  judge: (ids: readonly number[]) => Promise<readonly number[]>,
): Promise<Verdict> {
  if (ours.promptTokens !== theirs.promptTokens) {
    const reason = `its prompt has ${ours.promptTokens} tokens here, ${theirs.promptTokens} there`;
    return { kind: 'differs', reason };
  }
  const place = firstDifference(ours.ids, theirs.ids);
  if (place === null) return { kind: 'equal' };
  const parts = `token ${place + 1} is ${named(ours.ids[place])} here, ${named(theirs.ids[place])} there`;
  if (!endsWell(ours.ids, rules)) {
    return { kind: 'differs', reason: `${parts}; it ends at token ${ours.ids.length}` };
  }
  const shortfalls = await judge(ours.ids);
  const worst = Math.max(...shortfalls);
  if (shortfalls.length === ours.ids.length && worst <= TIE) {
    return { kind: 'near tie', token: place + 1, shortfall: worst };
  }
  const reason = `${parts}, ${shortfalls[place]?.toPrecision(2)} below the highest logit`;
  return { kind: 'differs', reason };
}

const named = (id: number | undefined): string => (id === undefined ? 'nothing' : String(id));

/** At its first end token, or else at the limit. */
function endsWell(ids: readonly number[], { end, maxTokens }: Rules): boolean {
  const first = ids.findIndex((id) => end.includes(id));
  return ids.length === (first < 0 ? maxTokens : first + 1);
}
