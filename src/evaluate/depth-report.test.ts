import { describe, expect, it } from 'vitest';
import { calibration, depthReports } from './depth-report.ts';
import { fakeRound } from './testing/fake-results.ts';

/** A round over a tree of these levels' own probabilities, two nodes each. */
const round = (accepted: number, ...survivals: readonly (number | null)[]) =>
  fakeRound({ accepted, levels: survivals.map((survival) => ({ nodes: 2, survival })) });
const last = round(0, 0.9);

describe('depthReports', () => {
  it('tells acceptance of those that came so far, and the tokens that a depth adds', () => {
    const rounds = [round(2, 0.8, 0.6), round(1, 0.8, 0.6), round(0, 0.8, 0.6), round(0), last];
    const [first, second, ...deeper] = depthReports([rounds]);
    expect(deeper).toEqual([]);
    expect(first).toMatchObject({ depth: 1, rounds: 3, nodes: 2, kept: 2, tokensPerPass: 0.5 });
    expect(first?.acceptance).toBeCloseTo(2 / 3);
    expect(first?.predicted).toBeCloseTo(0.8);
    expect(second).toMatchObject({ depth: 2, kept: 1, acceptance: 1 / 2, tokensPerPass: 0.25 });
  });

  it('leaves out the last round of each answer, which the end of the text cuts short', () => {
    expect(depthReports([[last], [last]])).toEqual([]);
  });

  it('foretells nothing for a draft that does not tell', () => {
    expect(depthReports([[round(1, null), last]])[0]?.predicted).toBeNull();
  });
});

describe('calibration', () => {
  it('sets what was kept beside what was foretold, by tenths', () => {
    const rounds = [round(1, 0.82, 0.2), round(1, 0.88, 0.2), round(2, 0.84, 0.2), last];
    const [low, high, ...others] = calibration([rounds]);
    expect(others).toEqual([]);
    expect(low).toMatchObject({ count: 3 });
    expect(low?.kept).toBeCloseTo(1 / 3);
    expect(high).toMatchObject({ count: 3, kept: 1 });
    expect(high?.predicted).toBeCloseTo((0.82 + 0.88 + 0.84) / 3);
  });

  it('is empty where nothing was foretold', () => {
    expect(calibration([[round(1, null), last]])).toEqual([]);
  });
});
