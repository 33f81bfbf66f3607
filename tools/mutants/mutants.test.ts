import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MUTANTS } from './mutants.ts';

it.each(MUTANTS)('the fault in $file has its place: “$from”', ({ file, from, tests }) => {
  expect(readFileSync(file, 'utf8').split(from).length - 1, 'times that the text stands').toBe(1);
  expect(tests.filter((test) => !existsSync(test))).toEqual([]);
});
