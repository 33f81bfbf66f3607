import { uniform } from '../../decode/uniform.ts';
import type { Suite, SuiteItem } from './suite.ts';
import { withArticle } from './with-article.ts';

/** Of each photograph whether there is what it shows, and whether there is what another one shows. */
export function yesNoSuite({ items, missing }: Suite): Suite {
  const asked = items.flatMap((item, index): SuiteItem[] => {
    const other = otherThan(items, index);
    return [
      question(item, firstWord(item), 'yes'),
      ...(other === undefined ? [] : [question(item, firstWord(other), 'no')]),
    ];
  });
  const title = 'Is there what there is, and what there is not?';
  return { name: 'yes-no', title, items: asked, missing, weighsGroups: true };
}

function question(item: SuiteItem, thing: string, says: 'yes' | 'no'): SuiteItem {
  return {
    name: `${item.name}: ${thing}`,
    group: says,
    ...(item.picture && { picture: item.picture }),
    question: `Is there ${withArticle(thing)} in the picture? Answer yes or no.`,
    answers: { says },
  };
}

/** Drawn by the photograph's place, until it shares no word with it. */
function otherThan(items: readonly SuiteItem[], index: number): SuiteItem | undefined {
  const own = new Set(wordsOf(items[index]));
  for (let draw = 0; draw < items.length; draw++) {
    const other = items[Math.floor(items.length * uniform(index, draw))];
    if (other !== undefined && !wordsOf(other).some((word) => own.has(word))) return other;
  }
  return undefined;
}

const wordsOf = (item: SuiteItem | undefined): readonly string[] =>
  item !== undefined && 'words' in item.answers ? item.answers.words : [];

const firstWord = (item: SuiteItem): string => wordsOf(item)[0] ?? item.name;
