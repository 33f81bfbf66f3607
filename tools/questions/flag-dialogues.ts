import { type Drawing, learntDrawings } from './learnt-drawings.ts';
import type { Question } from './write-questions.ts';

const ASKED: readonly string[] = [
  'Which flag is this?',
  'Which flag is shown?',
  "Which country's flag is this?",
  "Which country's flag do you see?",
  'What flag is in the image?',
  'To which country does this flag belong?',
  'Name the flag.',
  'What is this flag called?',
];

/**
 * Dialogues about flags, with their countries as CLDR writes them: a bridge has room for the beginning of a long name, and for
 * a second guess.
 */
export async function flagDialogues(count: number, drawing: Drawing): Promise<Question[]> {
  const concepts = drawing.concepts.filter(({ flag }) => flag);
  const { any, drawn } = learntDrawings({ ...drawing, concepts });
  const made: Question[] = [];
  while (made.length < count) {
    const { concept, file, picture } = await drawn();
    const answer = `It is the flag of ${countryOf(concept.label)}.`;
    const first = any(ASKED);
    const again = any(ASKED.filter((asked) => asked !== first));
    const then = [answer, again, answer];
    made.push({ picture, file, text: first, then });
  }
  return made;
}

/** Without what stands in brackets. */
const countryOf = (label: string): string =>
  label
    .replace(/^flag: /, '')
    .replaceAll('&', 'and')
    .replace(/ ?\(.*?\)/, '');
