import type { GrammarState } from '../../contracts/grammar.ts';
import type { Spell } from '../../decode/grammar-tree.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';

/** An answer that keeps a grammar, while it is written. */
export interface GrammarText {
  /** The state behind what was written and tokens that may follow it. */
  stateAt(path: readonly number[]): GrammarState;
  /** The tokens of a forced text behind these. */
  readonly spell: Spell;
}

/** Tokens before a forced text that it is spelt with: words are cut by what stands before them. */
const CONTEXT = 12;

/** @param written the ids of the answer so far */
export function createGrammarText(
  start: GrammarState,
  written: readonly number[],
  tokenizer: Tokenizer,
): GrammarText {
  let read = 0;
  let state = start;
  const spelt = new Map<string, readonly number[]>();
  return {
    stateAt(path) {
      for (; read < written.length; read += 1) state = follow(state, written[read] as number);
      return path.reduce(follow, state);
    },
    spell(forced, path) {
      const before = [...written, ...path].slice(-CONTEXT);
      const context = tokenizer.decode(before, { skipSpecialTokens: true });
      const key = `${context}\n${forced}`;
      const known = spelt.get(key) ?? spellBehind(tokenizer, context, forced);
      spelt.set(key, known);
      return known;
    },
  };
}

function follow(state: GrammarState, token: number): GrammarState {
  const next = state.after(token);
  if (next === null) throw new RangeError('A token was written that the grammar forbids.');
  return next;
}

/**
 * The tokenizer's own spelling of a text behind others, or alone where it would spell those otherwise too. It is a guess:
 * the model may spell it in another way.
 */
function spellBehind(tokenizer: Tokenizer, context: string, text: string): readonly number[] {
  const { bytes } = tokenizer;
  const wanted = new TextEncoder().encode(text).length;
  for (const before of [context, '']) {
    const ids = tokenizer.encode(before + text, { addSpecialTokens: false });
    let [first, length] = [ids.length, 0];
    while (length < wanted && first > 0) {
      first -= 1;
      length += bytes?.of(tokenizer.tokenText(ids[first] as number) ?? '').length ?? 0;
    }
    if (length === wanted) return [...ids.subarray(first)];
  }
  return [];
}
