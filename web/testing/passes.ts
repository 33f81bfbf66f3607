import type { Pass, Word } from '../answer/answer.ts';

/** A pass that guessed a line of tokens, so many of which were kept. */
export function linePass(at: number, guesses: number, kept: number, ms = 1): Pass {
  const nodes = Array.from({ length: guesses + 1 }, (_, place) => ({
    token: `t${place}`,
    parent: place - 1,
    by: place === 0 ? null : ('draft' as const),
  }));
  const words = [...nodes.slice(1, kept + 1).map(({ token }) => ({ text: token, by: 'draft' }))];
  return {
    ...{ at, targetMs: ms, draftMs: 2 * ms, hostMs: 3 * ms },
    tree: { nodes, kept: Array.from({ length: kept + 1 }, (_, place) => place) },
    words: [...(words as Word[]), { text: '!', by: 'target' }],
  };
}

export const PROMPT_PASS: Pass = {
  ...{ at: 10, targetMs: 0, draftMs: 0, hostMs: 0, tree: null },
  words: [{ text: 'A', by: 'target' }],
};
