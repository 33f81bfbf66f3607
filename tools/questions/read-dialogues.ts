import type { PictureReading } from '../../src/contracts/reading.ts';
import { UNTOLD_OF_DOCUMENTS } from '../../src/evaluate/suites/refusals-suite.ts';
import { withReadings } from '../../src/input/with-readings.ts';
import type { Question } from './write-questions.ts';

/** Questions of a dialogue: the words of a picture are read once for all of them. */
export const TURNS = 4;

/** What suites ask that no document tells: other questions teach to say so. */
export const SUITES_OWN: ReadonlySet<string> = new Set(Object.values(UNTOLD_OF_DOCUMENTS).flat());

type Reading = Pick<PictureReading, 'text' | 'chart'>;

/** Reads pictures, in order. */
export type ReadAll = (pictures: readonly Uint8Array[]) => Promise<readonly Reading[]>;

/** What is asked, and what is true. */
export type Turn = [question: string, answer: string];

/** A picture that is asked about by what is read in it. */
interface ReadPicture {
  /** What its file is called, without an ending. */
  readonly name: string;
  readonly file: Uint8Array;
  /** What is asked and answered where these words were read; nothing where they don't tell enough. */
  readonly turns: (words: string) => Turn[];
}

/** Dialogues about what the reader finds in pictures, with its words before the first question. */
export async function readDialogues(
  pictures: readonly ReadPicture[],
  readAll: ReadAll,
): Promise<Question[]> {
  const readings = await readAll(pictures.map(({ file }) => file));
  return pictures.flatMap(({ name, file, turns }, at): Question[] => {
    const reading = readings[at] ?? { text: '' };
    const [question, ...then] = turns(reading.text).flat();
    if (question === undefined) return [];
    return [{ picture: name, file, text: asRead(question, reading), then }];
  });
}

/** A question as a model is asked it that has text read for it. */
function asRead(question: string, reading: Reading): string {
  const picture = { type: 'image', image: { name: '', bytes: new Uint8Array() } } as const;
  const content = [picture, { type: 'text', text: question } as const];
  const [message] = withReadings([{ role: 'user', content }], [reading], true);
  const said = message?.content.at(-1);
  return said?.type === 'text' ? said.text : question;
}
