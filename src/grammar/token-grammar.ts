import type { GrammarState } from '../contracts/grammar.ts';
import { type ByteState, createAutomaton } from './automaton.ts';
import { type Expression, MARKS } from './expression.ts';
import { allowedTokens, type TokenTrie } from './token-trie.ts';

/** Most bytes that are said to be forced: more than a tree is deep. */
const MOST_FORCED = 256;

/** Behind the end of a text. */
const ENDED: GrammarState = {
  ended: true,
  onlyEnd: null,
  after: () => ENDED,
  allowed: () => new Uint32Array(),
  forced: () => '',
};

/**
 * A grammar over the tokens of a vocabulary: the state before the first one. What is found out about a state is kept, so
 * that texts of one grammar share it.
 * @param endTokens those that end a text
 */
export function createTokenGrammar(
  expression: Expression,
  trie: TokenTrie,
  endTokens: readonly number[],
): GrammarState {
  const states = new WeakMap<ByteState, GrammarState>();
  const stateOf = (bytes: ByteState): GrammarState => {
    const known = states.get(bytes) ?? createState(bytes);
    states.set(bytes, known);
    return known;
  };
  const createState = (from: ByteState): GrammarState => {
    let mask: Uint32Array | undefined;
    return {
      ended: false,
      onlyEnd: from.goesOn ? null : (endTokens[0] ?? null),
      after(token) {
        if (endTokens.includes(token)) return from.accepts ? ENDED : null;
        const behind = read(from, trie.bytesOf(token));
        return behind && stateOf(behind);
      },
      allowed() {
        mask ??= withEnds(allowedTokens(trie, from), from.accepts ? endTokens : []);
        return mask;
      },
      forced: () => forcedText(from),
    };
  };
  return stateOf(createAutomaton(expression));
}

function read(from: ByteState, bytes: Uint8Array | undefined): ByteState | null {
  if (bytes === undefined || bytes.length === 0) return null;
  let state: ByteState | null = from;
  for (const byte of bytes) {
    state = state.step(byte);
    if (state === null) return null;
  }
  return state;
}

function withEnds(mask: Uint32Array, endTokens: readonly number[]): Uint32Array {
  for (const token of endTokens) mask[token >> 5] = (mask[token >> 5] ?? 0) | (1 << (token & 31));
  return mask;
}

/** The only way on, up to where there are two, or the text may end; whole characters. */
function forcedText(from: ByteState): string {
  const bytes: number[] = [];
  for (let state = from; !state.accepts && bytes.length < MOST_FORCED; ) {
    const only = onlyStep(state);
    if (only === null || only.byte >= MARKS.end) break;
    bytes.push(only.byte);
    state = only.state;
  }
  return new TextDecoder().decode(Uint8Array.from(bytes), { stream: true });
}

function onlyStep(from: ByteState): { byte: number; state: ByteState } | null {
  let only: { byte: number; state: ByteState } | null = null;
  for (let byte = 0; byte < 256; byte += 1) {
    const state = from.step(byte);
    if (state === null) continue;
    if (only !== null) return null;
    only = { byte, state };
  }
  return only;
}
