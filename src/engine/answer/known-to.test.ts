import { describe, expect, it } from 'vitest';
import { createRecycledTokens } from '../../draft/recycle/recycled-tokens.ts';
import { recycled } from '../../draft/recycled.ts';
import { engineOf } from '../engine.ts';
import { openDrafters } from '../load/drafters.ts';
import { createRecycledApart } from '../load/recycled-apart.ts';
import { resultOf } from '../testing/collect.ts';
import { toyEngine } from '../testing/toy-engine.ts';
import { toyModel, toyPicture } from '../testing/toy-model.ts';

const ASK = { prompt: 'abcabd', maxTokens: 100, ignoreEos: true } as const;

/** One that guesses by what was likely alone, in trees of one shape. */
function recyclingEngine() {
  const { host, model } = toyModel();
  const likely = createRecycledApart(() => createRecycledTokens());
  const drafter = recycled.open({
    target: model.target,
    imageTokenId: undefined,
    recycled: likely,
  });
  return engineOf(host, { ...model, drafters: openDrafters([drafter], null, likely) });
}
const GUESSED = { ...ASK, tree: { total: 12, depth: 5, topK: 2 } } as const;

describe('an answer that forgets what was likely', () => {
  it('is guessed as if nobody had asked before, in the same words', async () => {
    const engine = recyclingEngine();
    const first = await resultOf(engine, GUESSED);
    const byHeart = await resultOf(engine, GUESSED);
    const forgetful = await resultOf(engine, { ...GUESSED, forget: 'likely' });
    expect(byHeart.passes).toBeLessThan(first.passes);
    expect(forgetful.passes).toBe(first.passes);
    expect(forgetful.ids).toEqual(first.ids);
    expect(forgetful.cachedTokens).toBeGreaterThan(0);
  });

  it('teaches nobody', async () => {
    const engine = recyclingEngine();
    const { passes } = await resultOf(engine, { ...GUESSED, forget: 'likely' });
    expect((await resultOf(engine, GUESSED)).passes).toBe(passes);
  });

  it('shares passes with those that remember, and takes nothing from them', async () => {
    const { passes } = await resultOf(recyclingEngine(), GUESSED);
    const engine = recyclingEngine();
    await resultOf(engine, GUESSED);
    const both = [GUESSED, { ...GUESSED, forget: 'likely' } as const];
    const [usual, forgetful] = await Promise.all(both.map((asked) => resultOf(engine, asked)));
    expect(forgetful?.passes).toBe(passes);
    expect(usual?.passes).toBeLessThan(passes);
  });
});

describe('an answer that forgets all', () => {
  it('reads its prompt anew, and leaves nothing to go on from', async () => {
    const engine = toyEngine();
    const { ids } = await resultOf(engine, { ...ASK, forget: 'all' });
    const usual = await resultOf(engine, ASK);
    expect(usual.cachedTokens).toBe(0);
    const again = await resultOf(engine, { ...ASK, forget: 'all' });
    expect(again.cachedTokens).toBe(0);
    expect([again.ids, usual.ids]).toEqual([ids, ids]);
    expect((await resultOf(engine, ASK)).cachedTokens).toBeGreaterThan(0);
  });

  it('decodes its pictures anew', async () => {
    const decoded: string[] = [];
    const engine = toyEngine({ imageDecoded: (text) => decoded.push(text) });
    const images = [toyPicture('x')];
    await resultOf(engine, { ...ASK, images });
    await resultOf(engine, { ...ASK, images });
    expect(decoded).toEqual(['x']);
    await resultOf(engine, { ...ASK, images, forget: 'all' });
    expect(decoded).toEqual(['x', 'x']);
  });

  it('is refused by another word', async () => {
    const asked = resultOf(toyEngine(), { ...ASK, forget: 'some' as 'all' });
    await expect(asked).rejects.toMatchObject({ option: 'forget' });
  });
});
