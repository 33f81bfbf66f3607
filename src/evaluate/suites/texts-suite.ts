import type { Suite, SuiteItem } from './suite.ts';
import { TEXT_TASKS, type TextTask } from './text-tasks.ts';

/** Questions without a picture. */
export function textsSuite(): Suite {
  const items = TEXT_TASKS.flatMap(({ group, ask, of, from }) =>
    Object.entries(of).map(([about, said]) => ({
      ...{ name: `${group}: ${about}`, group },
      question: ask.replace('{}', about),
      answers: answersFor(about, said, from),
    })),
  );
  const title = 'Questions without a picture: facts, sums, words, what a sentence says';
  return { name: 'texts', title, items, missing: [] };
}

function answersFor(about: string, said: string, from: TextTask['from']): SuiteItem['answers'] {
  if (from === undefined) return { values: said.split(' | ') };
  const things = from === 'or' ? about.split(' or ').map(withoutArticle) : from;
  return { picks: said, from: things };
}

const withoutArticle = (thing: string): string => thing.replace(/^(an?|the) /, '');
