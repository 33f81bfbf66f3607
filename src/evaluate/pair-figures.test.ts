import { describe, expect, it } from 'vitest';
import { countPair, pairFigures, passesOf } from './pair-figures.ts';
import { fakeResult, fakeRound } from './testing/fake-results.ts';

const pairOf = (
  plain: Parameters<typeof fakeResult>[0],
  speculative: Parameters<typeof fakeResult>[0],
) =>
  pairFigures(
    countPair({
      prompt: 0,
      first: 'plain',
      plain: fakeResult(plain),
      speculative: fakeResult(speculative),
    }),
  );

describe('pairFigures', () => {
  it('divides the decode time of plain by the speculative one', () => {
    const { speedUp } = pairOf({ ids: [1, 2], decodeMs: 12 }, { ids: [1, 2], decodeMs: 8 });
    expect(speedUp).toBe(1.5);
  });

  it('charges both sides the time that seeing the picture took', () => {
    const { plain, speculative } = pairOf({ ids: [1, 2], vision: 30 }, { ids: [1, 2], vision: 1 });
    expect(speculative.whole).toBe(plain.whole);
    expect(speculative.firstToken).toBe(plain.firstToken);
  });

  it('tells what the draft took outside rounds', () => {
    const rounds = [fakeRound({ draftMs: 2 }), fakeRound({ draftMs: 3 })];
    const { speculative } = pairOf({ ids: [1, 2] }, { ids: [1, 2], rounds, draftMs: 9 });
    expect(speculative).toMatchObject({ draft: 9, draftReading: 4 });
  });

  it('has no speed-up for an answer that the prefill gave alone', () => {
    const { speedUp } = pairOf({ ids: [1], rounds: [] }, { ids: [1], rounds: [] });
    expect(speedUp).toBeNull();
  });

  it('tells where the ids differ', () => {
    expect(pairOf({ ids: [1, 2, 3] }, { ids: [1, 2, 4] }).differsAt).toBe(2);
    expect(pairOf({ ids: [1, 2, 3] }, { ids: [1, 2, 3] }).differsAt).toBeNull();
  });
});

describe('countPair', () => {
  it('compares whole texts, and counts them up to where they go round in circles', () => {
    const gram = [1, 2, 3, 4, 5, 6, 7, 8];
    const ids = [...gram, ...gram, ...gram];
    const plain = fakeResult({ ids });
    const speculative = fakeResult({ ids: [...ids.slice(0, -1), 9] });
    const pair = countPair({ prompt: 0, first: 'plain', plain, speculative });
    expect(pair).toMatchObject({ loops: true, differsAt: 23 });
    expect(pair.plain.ids).toHaveLength(16);
  });
});

describe('passesOf', () => {
  it('counts the tokens that passes gave, which the first of an answer is not', () => {
    const results = [fakeResult({ ids: [1, 2, 3, 4] }), fakeResult({ ids: [1, 2, 3] })];
    expect(passesOf(results)).toEqual({ passes: 2, tokensPerPass: 2.5 });
  });
});
