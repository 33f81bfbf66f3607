import { describe, expect, it } from 'vitest';
import { endingOf, markedLikely, unsaidFirst } from './named-text.ts';

const MARK = 99;
const names = [Int32Array.of(5, 6), Int32Array.of(7), Int32Array.of(5, 6, 8)];
/** The last tokens of a text, of which the answer is so many. */
const ending = (written: number, ...text: number[]) =>
  endingOf(text, { names, shown: true, written }, MARK);

describe('endingOf', () => {
  it('is the last three tokens where nothing has a name', () => {
    expect(endingOf([5, 6, 7, 8], undefined, MARK)).toEqual([6, 7, 8]);
    expect(endingOf([1, 5, 6], { names: [], shown: false, written: 2 }, MARK)).toEqual([1, 5, 6]);
    expect(endingOf([1], undefined, MARK)).toEqual([1]);
  });

  it('has a mark for each whole name of the answer, the longest that ends there', () => {
    expect(ending(5, 1, 2, 3, 4, 5, 6)).toEqual([3, 4, MARK]);
    expect(ending(6, 1, 2, 3, 5, 6, 8)).toEqual([2, 3, MARK]);
    expect(ending(6, 1, 2, 7, 3, 5, 6)).toEqual([MARK, 3, MARK]);
  });

  it('leaves the beginning of a name, and names of the prompt, as they are', () => {
    expect(ending(4, 1, 2, 3, 4, 5)).toEqual([3, 4, 5]);
    expect(ending(1, 5, 6, 9, 4)).toEqual([6, MARK, 4]);
  });

  it('marks where the answer about a picture begins', () => {
    expect(ending(2, 1, 2, 3, 4)).toEqual([MARK, 3, 4]);
    expect(ending(1, 1, 2, 3)).toEqual([1, MARK, 3]);
  });

  it('leaves where others begin as it is, though they may name words', () => {
    const asked = { names, shown: false, written: 3 };
    expect(endingOf([1, 2, 3, 7], asked, MARK)).toEqual([2, 3, MARK]);
    expect(endingOf([1, 2, 3, 4], { ...asked, written: 2 }, MARK)).toEqual([2, 3, 4]);
  });
});

it('markedLikely marks what a name begins with, and nothing without names', () => {
  const likely = { ids: Int32Array.of(7, 6, 5, 1), logits: new Float32Array(4), each: 2 };
  expect([...markedLikely(likely, names, MARK).ids]).toEqual([MARK, 6, MARK, 1]);
  expect(markedLikely(likely, [], MARK)).toBe(likely);
});

it('unsaidFirst puts names last that the answer has said', () => {
  const order = (...text: number[]) =>
    unsaidFirst(text, { names, shown: true, written: 4 }).map(String);
  expect(order(7, 1, 5, 6, 2)).toEqual(['7', '5,6,8', '5,6']);
  expect(order(7, 1, 2, 3, 4)).toEqual(['5,6', '7', '5,6,8']);
});
