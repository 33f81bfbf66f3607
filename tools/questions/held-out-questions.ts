import { openSuite } from '../../src/evaluate/suites/open-suite.ts';
import type { SuiteItem, SuiteName } from '../../src/evaluate/suites/suite.ts';
import { inAnyOrder } from './in-any-order.ts';
import { HELD_OUT_QUESTION } from './phrasings.ts';
import type { Question } from './write-questions.ts';

interface Drawing {
  readonly packages: string;
  readonly say: (line: string) => void;
  readonly random: () => number;
}

/**
 * Questions about pictures of `msd eval` that nothing was learnt from: photographs, half of them to be named and half to be
 * described in words that no learnt question has, and as many emoji by the artist who is held out.
 * @param each of the three tasks
 */
export async function heldOutQuestions(
  each: number,
  { packages, say, random }: Drawing,
): Promise<Question[]> {
  const items = async (name: SuiteName) => {
    const suite = await openSuite(name, packages, say);
    return suite.items.flatMap(({ picture, ...item }) =>
      picture === undefined ? [] : { ...item, picture, suite: name },
    );
  };
  const all = [...(await items('photographs')), ...(await items('other-photographs'))];
  const photographs = inAnyOrder(all, random);
  const emoji = inAnyOrder(await items('emoji'), random);
  const asked =
    (task: string, text?: string) =>
    (item: Required<Pick<SuiteItem, 'name' | 'question' | 'picture'>> & { suite: SuiteName }) => ({
      ...{ task, text: text ?? item.question, file: item.picture },
      picture: `${item.suite}-${item.name.replace(/[^\w-]+/g, '_')}`,
    });
  return [
    ...photographs.slice(0, each).map(asked('photograph, name')),
    ...photographs.slice(each, 2 * each).map(asked('photograph, describe', HELD_OUT_QUESTION)),
    ...emoji.slice(0, each).map(asked('emoji, name')),
  ];
}
