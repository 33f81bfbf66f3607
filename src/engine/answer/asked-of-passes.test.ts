import { describe, expect, it } from 'vitest';
import type { GenerateEvent, GenerateOptions } from '../../contracts/generate.ts';
import { eventsOf, resultOf } from '../testing/collect.ts';
import { toyEngine } from '../testing/toy-engine.ts';

const ASK = { prompt: 'abcabd', maxTokens: 60, ignoreEos: true } as const;
const TREE = { total: 12, depth: 3, topK: 4 };

const sameAsPlain = async (options: GenerateOptions) => {
  const drafted = await resultOf(toyEngine(), { ...options, tree: TREE });
  const plain = await resultOf(toyEngine(), { ...options, drafter: 'none' });
  expect(drafted.ids).toEqual(plain.ids);
  expect(drafted.passes).toBeLessThan(plain.passes);
  return plain.ids;
};

describe('logits that are biased', () => {
  it.each([0, 1])('write the same words with and without drafts, at temperature %d', async (t) => {
    const bias = { frequencyPenalty: 0.7, presencePenalty: 0.4, logitBias: { 5: -3, 7: 2 } };
    await sameAsPlain({ ...ASK, ...bias, temperature: t, seed: 3 });
  });

  it('never write a banned token, and always one that is lifted above all', async () => {
    const { ids } = await resultOf(toyEngine(), ASK);
    const banned = ids[0] as number;
    const without = await sameAsPlain({ ...ASK, logitBias: { [banned]: -100 } });
    expect(without).not.toContain(banned);
    const always = await resultOf(toyEngine(), { ...ASK, logitBias: { 9: 100 } });
    expect(new Set(always.ids)).toEqual(new Set([9]));
  });

  it('by penalties make repeats rarer', async () => {
    const kinds = (ids: readonly number[]) => new Set(ids).size;
    const free = await resultOf(toyEngine({ spread: 4 }), ASK);
    const held = await resultOf(toyEngine({ spread: 4 }), { ...ASK, frequencyPenalty: 2 });
    expect(kinds(held.ids)).toBeGreaterThan(kinds(free.ids));
  });

  it('tell the target’s own logprobs', async () => {
    const lifted = { ...ASK, maxTokens: 1, logprobs: true, topLogprobs: 3 };
    const [free] = (await resultOf(toyEngine(), lifted)).logprobs ?? [];
    const [biased] =
      (await resultOf(toyEngine(), { ...lifted, logitBias: { 9: 100 } })).logprobs ?? [];
    expect(biased?.id).toBe(9);
    expect(biased?.top).toEqual(free?.top);
  });
});

describe('passes that are told', () => {
  it('say of each token who guessed it, as the tree that was kept has it', async () => {
    const events = await eventsOf(toyEngine({ joined: true }), { ...ASK, passes: true });
    let tokens: (GenerateEvent & { type: 'token' })[] = [];
    let guessed = 0;
    for (const event of events) {
      if (event.type === 'token') tokens.push(event);
      if (event.type === 'prefill') tokens = [];
      if (event.type !== 'round') continue;
      const { nodes, kept } = event.tree ?? { nodes: [], kept: [] };
      const path = kept.slice(1).map((node) => nodes[node]);
      const drafted = tokens.filter((token) => token.drafted);
      expect(drafted.map(({ id, by }) => ({ id, by }))).toEqual(
        path.slice(0, drafted.length).map((node) => ({ id: node?.id, by: node?.by })),
      );
      expect(event.round.nodes).toBe(nodes.length);
      for (const [at, node] of nodes.entries()) {
        expect(node.parent).toBeLessThan(at);
        expect(node.by === null).toBe(at === 0);
      }
      guessed += drafted.length;
      tokens = [];
    }
    expect(guessed).toBeGreaterThan(10);
  });

  it('are not told where nobody asks', async () => {
    const events = await eventsOf(toyEngine(), ASK);
    expect(events.some((event) => 'tree' in event || 'by' in event)).toBe(false);
  });
});

describe('a text that is gone on with', () => {
  it('is read as it stands, as a text or as its ids', async () => {
    const chat = await resultOf(toyEngine(), ASK); // its template puts an r behind
    const { prompt: _, ...rest } = ASK;
    const text = await resultOf(toyEngine(), { ...rest, text: 'abcabdr' });
    expect(text.ids).toEqual(chat.ids);
    const words = await toyEngine().words({
      kind: 'text',
      text: 'abcabdr',
      addSpecialTokens: true,
    });
    const ids = await resultOf(toyEngine(), { ...rest, text: words.ids });
    expect(ids.ids).toEqual(chat.ids);
  });

  it.each<[string, object]>([
    ['prompt_invalid', { text: [9999] }],
    ['placeholders_mismatched', { text: 'a<image>' }],
    ['option_invalid', { text: 'a', system: 'b' }],
    ['option_invalid', { text: '' }],
    ['option_invalid', { text: 'a', prompt: 'b' }],
  ])('is refused as %s where it can’t be', async (code, options) => {
    const asked = resultOf(toyEngine(), options as GenerateOptions);
    await expect(asked).rejects.toMatchObject({ code });
  });
});
