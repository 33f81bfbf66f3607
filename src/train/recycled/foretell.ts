import type { DraftTree, Names, RecycledTokens } from '../../contracts/drafter.ts';
import type { Likely } from '../../contracts/target.ts';
import { bestFirstShape } from '../../decode/tree-shape.ts';
import { endingOf, markedLikely, TAIL } from '../../draft/recycle/named-text.ts';
import { createSuffixGuesses } from '../../draft/suffix-guesses.ts';
import { loopStart } from '../../evaluate/loop-start.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';

/** Rows that each pass is taken to verify, its root included. */
export const ROWS = 8;

/** A text, and what a target held likely behind each token of its replies. */
export interface ReadReply {
  readonly dialogue: Pick<TokenisedDialogue, 'ids' | 'reply' | 'end'>;
  readonly likely: Likely;
  /** What its last reply may name. */
  readonly named: Names;
}

/**
 * Tokens a pass that the last reply of each text would be written in, guessed by recycled tokens and repeats, which learn
 * from the rows that were written alone. A text counts up to where it begins to loop.
 * @param memory asked for once a text: one for all, which learns from text to text as in a loaded model, or each its own
 * @param barrier placeholder id of pictures, if the model reads any
 * @returns NaN where there is nothing to guess
 */
export function tokensPerPass(
  replies: readonly ReadReply[],
  memory: () => RecycledTokens,
  barrier: number | undefined,
): number {
  let [tokens, passes] = [0, 0];
  for (const { dialogue, named, ...read } of replies) {
    const likely = markedLikely(read.likely, named.names, barrier ?? -1);
    const { first, text, end } = lastReply(dialogue);
    const rowOf = rowsOf(dialogue);
    const recycled = memory();
    const guesses = createSuffixGuesses(barrier, recycled);
    for (const id of text.slice(0, first)) guesses.push(id);
    for (let at = first; at < end - 1; ) {
      guesses.push(text[at] as number);
      const tree = guesses.grow({
        root: text[at] as number,
        shape: bestFirstShape(ROWS),
        named: { ...named, written: at + 1 - first },
      });
      const wrote = Math.min(agreed(tree, text.slice(at + 1, end)) + 1, end - 1 - at);
      for (let place = at; place < at + wrote; place++) {
        if (place > at) guesses.push(text[place] as number);
        const path = text.slice(Math.max(0, place + 1 - TAIL), place + 1);
        const ending = endingOf(path, { ...named, written: place + 1 - first }, barrier ?? -1);
        recycled.learn(ending, likely, rowOf(place));
      }
      at += wrote;
      tokens += wrote;
      passes += 1;
    }
  }
  return tokens / passes;
}

/** The text up to its end, the place of the last reply's first token, and the one where it ends or begins to loop. */
function lastReply({ ids, reply, end }: ReadReply['dialogue']) {
  const text = [...ids, ...(end === undefined ? [] : [end])];
  const first = reply.lastIndexOf(0) + 1;
  const loop = loopStart(text.slice(first));
  return { first, text, end: loop === null ? text.length : first + loop };
}

function rowsOf({ reply }: ReadReply['dialogue']): (place: number) => number {
  const before = reply.subarray(0, reply.lastIndexOf(0) + 1);
  const earlier = before.reduce((sum, marked) => sum + marked, 0);
  return (place) => earlier + place - before.length;
}

/** How many of the next tokens a tree has on one path. */
function agreed({ tokens, parents }: DraftTree, next: readonly number[]): number {
  let node = 0;
  for (const [depth, token] of next.entries()) {
    const child = tokens.findIndex((own, at) => at > 0 && parents[at] === node && own === token);
    if (child < 0) return depth;
    node = child;
  }
  return next.length;
}
