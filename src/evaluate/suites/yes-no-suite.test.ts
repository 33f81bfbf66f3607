import { expect, it } from 'vitest';
import type { Suite, SuiteItem } from './suite.ts';
import { yesNoSuite } from './yes-no-suite.ts';

const item = (name: string, ...words: string[]): SuiteItem => ({
  ...{ name, picture: Uint8Array.of(), question: 'What is it?', answers: { words } },
});
const suite = (items: SuiteItem[]): Suite => ({
  ...{ name: 'photographs', title: '', items, missing: ['gone'] },
});

it('asks of each picture for what it shows, and for what another one shows', () => {
  const { items } = yesNoSuite(suite([item('a', 'owl', 'bird'), item('b', 'key')]));
  expect(items.map(({ name, answers }) => [name, answers])).toEqual([
    ['a: owl', { says: 'yes' }],
    ['a: key', { says: 'no' }],
    ['b: key', { says: 'yes' }],
    ['b: owl', { says: 'no' }],
  ]);
  expect(items[0]?.question).toBe('Is there an owl in the picture? Answer yes or no.');
});

it('asks for nothing that the picture may show after all', () => {
  const { items } = yesNoSuite(suite([item('a', 'hen', 'bird'), item('b', 'duck', 'bird')]));
  expect(items.map(({ answers }) => answers)).toEqual([{ says: 'yes' }, { says: 'yes' }]);
});

it('names what was missing among the photographs', () => {
  expect(yesNoSuite(suite([])).missing).toEqual(['gone']);
});
