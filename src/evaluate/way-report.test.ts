import { describe, expect, it } from 'vitest';
import type { Pair } from './paired-runs.ts';
import { fakeResult } from './testing/fake-results.ts';
import { wayReports } from './way-report.ts';

const rival = { name: 'other', runs: 'other 1.0', tried: [] };

/** Ours write 3 ids, their first after 5 ms; the rival 5 ids, the first after 20 ms and one each 4 ms. */
function pair(prompt: number, plainMs: number, speculativeMs: number): Pair {
  const ids = [1, 2, 3];
  const times = [20, 24, 28, 32, 36];
  return {
    ...{ prompt, first: 'plain' },
    plain: fakeResult({ ids, decodeMs: plainMs }),
    speculative: fakeResult({ ids, decodeMs: speculativeMs }),
    rivals: [{ ids: [1, 2, 3, 4, 5], times, residentBytes: 7 }],
  };
}

const report = (pairs: readonly Pair[], firstTokens: readonly Pair[] = []) =>
  wayReports(
    {
      ...{ pairs, firstTokens, rivals: [rival], residentBytes: 9 },
      runs: { plain: 'ours', speculative: 'ours, msd' },
    },
    () => 0.5,
  );

describe('wayReports', () => {
  it('tells time by token that each wrote, whatever its words', () => {
    const [plain, speculative, other] = report([pair(0, 10, 4), pair(1, 14, 4)]);
    expect(plain?.tokenMs.value).toBe((10 + 14) / 4);
    expect(speculative?.tokenMs.value).toBe(2);
    expect(other?.tokenMs.value).toBe(4);
    expect(other?.tokensPerSecond.value).toBeCloseTo(5000 / 36);
  });

  it('compares from the request to the last token', () => {
    const [plain, speculative, other] = report([pair(0, 10, 4)]);
    expect(plain?.speculativeOver.value).toBeCloseTo(15 / 9);
    expect(speculative?.speculativeOver.value).toBe(1);
    expect(other?.speculativeOver.value).toBeCloseTo(3 / 9 / (5 / 36));
  });

  it('takes the first token of the long prompts alone', () => {
    expect(report([pair(0, 10, 4)])[2]?.firstTokenMs).toBeNull();
    const ways = report([pair(0, 10, 4)], [pair(0, 10, 4)]);
    expect(ways.map(({ firstTokenMs }) => firstTokenMs)).toEqual([5, 5, 20]);
  });

  it("counts a rival's text up to where it loops", () => {
    const gram = [1, 2, 3, 4, 5, 6, 7, 8];
    const ids = [...gram, ...gram, ...gram];
    const times = ids.map((_, at) => (at < 16 ? 10 + at : 1000));
    const looping = { ...pair(0, 10, 4), rivals: [{ ids, times, residentBytes: 7 }] };
    const other = report([looping])[2];
    expect(other?.looping).toBe(1);
    expect(other?.tokenMs.value).toBe(1);
  });

  it('says what runs, and in how much memory', () => {
    const about = report([pair(0, 10, 4)]).map(({ runs, residentBytes }) => [runs, residentBytes]);
    expect(about).toEqual([
      ['ours', 9],
      ['ours, msd', 9],
      ['other 1.0', 7],
    ]);
  });
});
