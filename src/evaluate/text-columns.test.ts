import { expect, it } from 'vitest';
import { textColumns } from './text-columns.ts';

it('pads every column to its widest cell, names to the left and numbers to the right', () => {
  const lines = [
    ['msd', '1.25x'],
    ['prompt-lookup', '10.00x'],
  ];
  expect(textColumns(lines, [0])).toEqual(['msd             1.25x', 'prompt-lookup  10.00x']);
});

it('leaves no blanks at the end of a line', () => {
  expect(
    textColumns(
      [
        ['a', ''],
        ['b', 'long'],
      ],
      [0, 1],
    )[0],
  ).toBe('a');
});
