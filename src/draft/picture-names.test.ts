import { expect, it } from 'vitest';
import { pictureNames } from './picture-names.ts';
import { createSuffixIndex } from './suffix-index.ts';

const BARRIER = 9;
const names = pictureNames(
  [Int32Array.of(1, 2, 3), Int32Array.of(4), Int32Array.of(1, 5), Int32Array.of()],
  BARRIER,
);

/** What names go on with behind a text. */
function after(...ids: number[]): (number | undefined)[] {
  const text = createSuffixIndex();
  for (const id of ids) text.push(id);
  return names.within(text).map(({ next }) => names.text.at(next));
}

it('begin where no other begins with the same token, in their order', () => {
  expect(names.starts.map((start) => names.text.at(start))).toEqual([1, 4]);
});

it('go on behind a text that ends in the beginning of one', () => {
  expect(after(7, 1).sort()).toEqual([2, 5]);
  expect(after(7, 1, 2)).toEqual([3]);
  expect(after(1, 5), 'the name has ended').toEqual([]);
});

it('do not go on behind a text that ends in the middle of one alone', () => {
  expect(after(7, 2)).toEqual([]);
  expect(after(4, 2)).toEqual([]);
  expect(after()).toEqual([]);
});
