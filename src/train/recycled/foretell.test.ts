import { describe, expect, it } from 'vitest';
import type { Likely } from '../../contracts/target.ts';
import { createRecycledTokens } from '../../draft/recycle/recycled-tokens.ts';
import { type ReadReply, tokensPerPass } from './foretell.ts';

/** A reply behind a prompt of three tokens; the model holds likely what it says. */
function replyOf(...said: readonly number[]): ReadReply {
  const ids = Int32Array.of(90, 91, 92, ...said.slice(0, -1));
  const likely: Likely = {
    ids: Int32Array.from(said.slice(1)),
    logits: new Float32Array(said.length - 1),
    each: 1,
  };
  const reply = Uint8Array.from(ids, (_, at) => (at < 3 ? 0 : 1));
  return {
    dialogue: { ids, reply, end: said.at(-1) as number },
    likely,
    named: { names: [], shown: false },
  };
}

const count = (from: number, length: number) => Array.from({ length }, (_, i) => from + i);

describe('tokens a pass', () => {
  it('are one where nothing is known', () => {
    const replies = [replyOf(...count(0, 12))];
    expect(tokensPerPass(replies, createRecycledTokens, undefined)).toBe(1);
  });

  it('are more where a table knows what follows', () => {
    const table = {
      find: (ending: readonly number[]) => ({
        times: 200,
        law: [{ token: (ending.at(-1) as number) + 1, chance: 1 }],
      }),
    };
    const replies = [replyOf(...count(0, 9))]; // the first comes with the prompt
    expect(tokensPerPass(replies, () => createRecycledTokens(table), undefined)).toBeGreaterThan(3);
  });

  it('are more in a text like one before', () => {
    const text = replyOf(...count(0, 12));
    const memory = createRecycledTokens();
    const all = tokensPerPass([text, text], () => memory, undefined);
    const first = tokensPerPass([text], createRecycledTokens, undefined);
    expect(all).toBeGreaterThan(first);
    expect(tokensPerPass([text, text], createRecycledTokens, undefined)).toBe(first);
  });

  it('count a text up to where it begins to loop', () => {
    const loop = Array.from({ length: 6 }, () => count(0, 9)).flat();
    const [all, cut] = [loop, loop.slice(0, 18)].map((said) =>
      tokensPerPass([replyOf(...said)], createRecycledTokens, undefined),
    );
    expect(all).toBe(cut);
  });

  it('are of no picture', () => {
    const table = { find: () => ({ times: 200, law: [{ token: 7, chance: 1 }] }) };
    const replies = [replyOf(7, 7, 7, 7)];
    expect(tokensPerPass(replies, () => createRecycledTokens(table), 7)).toBe(1);
  });
});
