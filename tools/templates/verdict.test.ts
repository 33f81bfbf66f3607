import { describe, expect, it } from 'vitest';
import { isRight, renderedShare, tally, verdictOf } from './verdict.ts';

describe('verdictOf', () => {
  it.each([
    ['equal', { text: 'a' }, { text: 'a' }],
    ['differs', { text: 'a' }, { text: 'b' }],
    ['differs', { text: 'a' }, { error: 'no' }],
    ['both fail', { error: 'no' }, { error: 'other words' }],
    ['both fail', { refused: 'x' }, { error: 'no' }],
    ['refused', { refused: 'x' }, { text: 'a' }],
    ['lost', { error: 'no' }, { text: 'a' }],
  ] as const)('is "%s" for %j beside %j', (verdict, ours, theirs) => {
    expect(verdictOf(ours, theirs)).toBe(verdict);
  });
});

describe('a tally', () => {
  it('is right as long as nothing is lost or differs', () => {
    expect(isRight(tally(['equal', 'both fail', 'refused']))).toBe(true);
    expect(isRight(tally(['equal', 'lost']))).toBe(false);
    expect(isRight(tally(['equal', 'differs']))).toBe(false);
  });

  it('tells which share of what jinja2 renders is rendered', () => {
    expect(renderedShare(tally(['equal', 'equal', 'equal', 'refused', 'both fail']))).toBe(0.75);
    expect(renderedShare(tally([]))).toBe(0);
  });
});
