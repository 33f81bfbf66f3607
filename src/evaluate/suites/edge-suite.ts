import { openFonts } from '../pictures/fonts.ts';
import { type OddPicture, oddPictures } from '../pictures/odd-pictures.ts';
import type { Suite, SuiteItem } from './suite.ts';

const QUESTIONS = ['Describe the picture.', 'What does it say, and what does it mean?'];

/** Words that don't go with the picture: with what it is, with what it says, or with any picture. */
const AGAINST: Readonly<Record<string, string>> = {
  'empty: white': 'Why is the dog in the picture so happy?',
  'empty: noise': 'Which wine goes well with this?',
  'contradicting: a red circle that says blue': 'This is a blue circle. Why is it green?',
  'contradicting: a square that says circle': 'How many corners does this circle have?',
  'contradicting: a page that says it is empty': 'Read me what stands on this empty page.',
  'tiny: 1 × 1': 'Write a poem about the people in the picture.',
  'foreign script: Japanese': 'Translate it into French, backwards.',
  'turned: a page, upside down': 'Which of these words is a kind of cheese?',
};

/** Requests without a picture: of one sign, in other scripts, of nothing that means anything. */
const ALONE = [
  ...['?', 'a', '🙂🙂🙂', 'Описание картинки.', '写真には何がありますか。', 'qzx vvk plmt'],
  ...['Describe the picture.', 'Repeat the word "no" as often as you can.'],
];

/** What nobody thinks of first. Nothing is judged but that no answer fails and none differs from plain's. */
export async function edgeSuite(place: string, say: (line: string) => void): Promise<Suite> {
  await openFonts(place, say);
  return edgeItems(await oddPictures());
}

export function edgeItems(pictures: readonly OddPicture[]): Suite {
  const answers = { any: true } as const;
  const ordinary = pictures.flatMap(({ name, group, picture }): SuiteItem[] =>
    QUESTIONS.map((question, at) => ({
      ...{ name: `${name}, ${at + 1}`, group, picture, question, answers },
    })),
  );
  const rare = pictures.flatMap(({ name, picture }): SuiteItem[] => {
    const question = AGAINST[name];
    if (question === undefined) return [];
    return [{ name: `${name}, against it`, group: 'rare pairs', picture, question, answers }];
  });
  const alone = ALONE.map((question): SuiteItem => {
    return { name: `none: ${question}`, group: 'no picture', question, answers };
  });
  const title = 'Edge cases: nothing is judged, but all must answer as plain decoding does';
  return { name: 'edge', title, items: [...ordinary, ...rare, ...alone], missing: [] };
}
