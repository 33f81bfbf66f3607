import type { Suite } from './suite.ts';
import { TEXT_TASKS } from './text-tasks.ts';

/** Questions without a picture. */
export function textsSuite(): Suite {
  const items = TEXT_TASKS.flatMap(({ group, ask, of }) =>
    Object.entries(of).map(([about, said]) => ({
      ...{ name: `${group}: ${about}`, group },
      question: ask.replace('{}', about),
      answers: { values: said.split(' | ') },
    })),
  );
  const title = 'Questions without a picture: facts, sums, words, what a sentence says';
  return { name: 'texts', title, items, missing: [] };
}
