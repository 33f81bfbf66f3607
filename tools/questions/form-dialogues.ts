import { createDraws, type Draws } from '../../src/evaluate/pictures/draws.ts';
import { SEEN_FONTS } from '../../src/evaluate/pictures/fonts.ts';
import { drawPage } from '../../src/evaluate/pictures/pages/draw-page.ts';
import { pictureFile } from '../../src/evaluate/pictures/picture-file.ts';
import { ENTRIES, NOWHERE } from './form-entries.ts';
import { type Filled, madeUpForm } from './made-up-forms.ts';
import { type ReadAll, readDialogues, SUITES_OWN, TURNS, type Turn } from './read-dialogues.ts';
import { CAN_NOT_TELL } from './taught-phrasings.ts';
import type { Question } from './write-questions.ts';

/** Of them, what can't be told: who learns only to find finds something for every question. */
const UNTOLD_SHARE = 0.4;

/**
 * Dialogues about forms that were made up, with what the reader finds in them and true answers. Their labels are seldom the
 * words of the question, so that what is meant has to be found, not what is spelt alike.
 */
export async function formDialogues(count: number, readAll: ReadAll): Promise<Question[]> {
  const pictures = [];
  for (let seed = 0; seed < count; seed++) {
    const draws = createDraws(seed);
    const { sheet, filled } = madeUpForm(draws, SEEN_FONTS);
    const file = await pictureFile(await drawPage(sheet, seed));
    const turns = (words: string) => formTurns(filled, draws, words);
    pictures.push({ name: `form-${seed}`, file, turns });
  }
  return readDialogues(pictures, readAll);
}

/** Questions and answers; none where the reader found no value. */
export function formTurns(filled: readonly Filled[], draws: Draws, words: string): Turn[] {
  const left = filled.filter(({ value }) => words.includes(value));
  if (left.length === 0) return [];
  const own = new Set(filled.map(({ entry }) => entry));
  const elsewhere = ENTRIES.filter((entry) => !own.has(entry)).flatMap(({ asks }) => asks);
  const untold = [elsewhere, NOWHERE].map((all) => all.filter((asked) => !SUITES_OWN.has(asked)));
  return Array.from({ length: TURNS }, (): Turn => {
    const [about] = draws.chance(UNTOLD_SHARE)
      ? []
      : left.splice(draws.whole(0, left.length - 1), 1);
    if (about === undefined) return [draws.one(draws.one(untold)), CAN_NOT_TELL];
    return [draws.one(about.entry.asks), `It is ${about.value}.`];
  });
}
