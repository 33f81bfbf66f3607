import { describe, expect, it } from 'vitest';
import { countedPart } from './counted-part.ts';
import { fakeResult, fakeRound } from './testing/fake-results.ts';

const rounds = (accepted: readonly number[]) =>
  accepted.map((kept) => fakeRound({ accepted: kept, targetMs: 10, draftMs: 1, hostMs: 0.5 }));

describe('countedPart', () => {
  it('is the whole of a text that goes on', () => {
    const result = fakeResult({ ids: [1, 2, 3, 4], rounds: rounds([2]) });
    expect(countedPart(result)).toBe(result);
  });

  it('ends where eight tokens stand for the third time, with the pass that writes up to there', () => {
    const gram = [1, 2, 3, 4, 5, 6, 7, 8];
    const ids = [9, ...gram, ...gram, ...gram]; // for the third time at place 17
    const result = fakeResult({ ids, rounds: rounds([7, 7, 7]), decodeMs: 30, draftMs: 3 });
    const counted = countedPart(result);
    expect(counted.ids).toEqual(ids.slice(0, 17));
    expect(counted.passes).toBe(2);
    expect(counted.tokensPerPass).toBe(8);
    expect(counted.timings).toMatchObject({ target: 20, draft: 2 });
    expect(result.timings.total - counted.timings.total, 'one pass less').toBeCloseTo(11.5);
  });
});
