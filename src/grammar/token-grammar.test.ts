import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAllowed } from '../contracts/grammar.ts';
import type { Expression } from './expression.ts';
import { formatExpression } from './format-expression.ts';
import { createTokenGrammar } from './token-grammar.ts';
import { createTokenTrie } from './token-trie.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const END = 0;

/** A grammar over tokens: the end, one that writes nothing, then these. */
function grammarOf(regex: string, tokens: readonly string[]) {
  const vocabulary = ['', '', ...tokens].map((token) => new TextEncoder().encode(token));
  const expression = formatExpression({ type: 'regex', regex }) as Expression;
  return createTokenGrammar(expression, createTokenTrie(vocabulary, vocabulary.length), [END]);
}

describe('a token grammar', () => {
  it('allows the tokens behind which it has a state, and the end where the text may end', () => {
    const token = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 });
    const regex = fc.constantFrom('^(ab|c)*$', '^a{2,3}(b|cc)?$', '^[^b]+$', 'abc', '^a(ba)*$');
    fc.assert(
      fc.property(
        regex,
        fc.array(token, { maxLength: 12 }),
        fc.array(fc.nat(12)),
        (regex, tokens, steps) => {
          let state = grammarOf(regex, tokens);
          let text = '';
          for (const step of [...steps, 0]) {
            const mask = state.allowed();
            for (let id = 0; id < tokens.length + 2; id += 1) {
              expect(isAllowed(mask, id)).toBe(state.after(id) !== null);
            }
            expect(isAllowed(mask, END)).toBe(new RegExp(regex, 'u').test(text));
            const id = 2 + (step % Math.max(1, tokens.length));
            const next = state.after(id);
            if (next === null) continue;
            state = next;
            text += tokens[id - 2];
          }
        },
      ),
      { numRuns },
    );
  });

  it('says what it forces, up to where there are two ways or the end', () => {
    const grammar = grammarOf('^\\{"é": (true|false)\\}$', ['{', 't', 'f', '{"é": ', 'true}']);
    expect(grammar.forced()).toBe('{"é": ');
    const behind = grammar.after(5);
    expect(behind?.forced()).toBe('');
    expect(behind?.after(3)?.forced()).toBe('rue}');
    expect(behind?.after(6)?.onlyEnd).toBe(END);
    expect(behind?.after(6)?.after(END)?.ended).toBe(true);
  });

  it('goes on with anything behind its end, as nothing of that is written', () => {
    const ended = grammarOf('^$', ['a']).after(END);
    expect(ended?.after(2)?.after(1)?.ended).toBe(true);
  });
});
