import { describe, expect, it } from 'vitest';
import { isRight } from './judge.ts';

const names = (answer: string, ...words: string[]) =>
  isRight(answer, { answers: { words }, question: '' });

describe('isRight', () => {
  it.each([
    ['The picture shows a CAT.', 'cat'],
    ['Two cats on a sofa', 'cat'],
    ['a cherry', 'cherries'],
    ['some boxes', 'box'],
    ['Flag of Côte d’Ivoire', "Cote d'Ivoire"],
    ['It is a hot-air balloon', 'hot air balloon'],
  ])('takes "%s" for "%s"', (answer, words) => {
    expect(names(answer, words)).toBe(true);
  });

  it.each([
    ['a caterpillar', 'cat'],
    ['a ball that is in a basket', 'basket ball'],
    ['', 'cat'],
    ['a dog', ''],
  ])('does not take "%s" for "%s"', (answer, words) => {
    expect(names(answer, words)).toBe(false);
  });

  it('is content with any of the words', () => {
    expect(names('a taper', 'candle', 'taper')).toBe(true);
  });

  it('wants yes or no to stand first', () => {
    const no = (answer: string) => isRight(answer, { answers: { says: 'no' }, question: '' });
    expect(['No.', 'no, there is none', 'There is no dog.', 'Yes'].map(no)).toEqual([
      ...[true, true, false, false],
    ]);
  });
});
