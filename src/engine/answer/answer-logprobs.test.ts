import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GenerateOptions } from '../../contracts/generate.ts';
import { engineOf } from '../engine.ts';
import { eventsOf, resultOf } from '../testing/collect.ts';
import { toyModel } from '../testing/toy-model.ts';

const PAPER = { total: 59, depth: 5, topK: 10 };
const LONG: GenerateOptions = { prompt: 'abcabd', maxTokens: 30, ignoreEos: true };

function toyEngine(seed = 0) {
  const { host, model } = toyModel({ seed });
  return engineOf(host, model);
}

describe('logprobs of an answer', () => {
  const law = fc.record({
    temperature: fc.constantFrom(0, 0.7, 1),
    topP: fc.constantFrom(1, 0.9),
    seed: fc.nat(1000),
  });

  it('are those of plain decoding in every bit, whatever drafts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(50), law, fc.integer({ min: 0, max: 20 }), async (seed, law, top) => {
        const asked = { ...LONG, ...law, logprobs: true, topLogprobs: top };
        const plain = await resultOf(toyEngine(seed), { ...asked, drafter: 'none' });
        const fast = await resultOf(toyEngine(seed), { ...asked, tree: PAPER });
        expect(fast.logprobs).toEqual(plain.logprobs);
        expect(fast.logprobs?.map(({ id }) => id)).toEqual(plain.ids);
      }),
      { numRuns: 60 },
    );
  });

  it('change no word', async () => {
    for (const sampling of [{}, { temperature: 1, seed: 3 }]) {
      const without = await resultOf(toyEngine(), { ...LONG, ...sampling, tree: PAPER });
      const given = await resultOf(toyEngine(), {
        ...LONG,
        ...sampling,
        tree: PAPER,
        logprobs: true,
      });
      expect(given.ids).toEqual(without.ids);
      expect(without.logprobs).toBeUndefined();
    }
  });

  it('come with their tokens, and of greedy ones the likeliest is the token itself', async () => {
    const asked = { ...LONG, tree: PAPER, logprobs: true, topLogprobs: 3 };
    const events = await eventsOf(toyEngine(), asked);
    const told = events.flatMap((event) => (event.type === 'token' ? [event.logprobs] : []));
    const done = events.at(-1);
    expect(told).toEqual(done?.type === 'done' ? done.result.logprobs : []);
    for (const one of told) {
      expect(one?.top).toHaveLength(3);
      expect(one?.top[0]).toEqual({ id: one?.id, token: one?.token, logprob: one?.logprob });
      expect(one?.token).toMatch(/^.$/);
    }
  });

  it('tell none of the likeliest unless asked', async () => {
    const { logprobs } = await resultOf(toyEngine(), { ...LONG, logprobs: true });
    expect(logprobs?.every(({ top }) => top.length === 0)).toBe(true);
  });
});
