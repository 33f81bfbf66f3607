import type { EmojiConcept } from '../../src/evaluate/pictures/emoji-concepts.ts';
import { withArticle } from '../../src/evaluate/suites/with-article.ts';
import { nameForms } from '../names/name-forms.ts';
import { type Drawing, learntDrawings } from './learnt-drawings.ts';
import { BRIEFLY, CAN_NOT_TELL, NAMING, PRESENCE, UNTOLD } from './taught-phrasings.ts';
import type { Question } from './write-questions.ts';

/** Questions of a dialogue: as many as cost what its picture does. */
const TURNS = 4;

/**
 * Dialogues about what a picture shows, with true answers: whether it or something else is there, one as often as the
 * other; what it is; and what can't be told. None is of a concept that was held out.
 */
export async function taughtDialogues(count: number, drawing: Drawing): Promise<Question[]> {
  const { random } = drawing;
  const { any, concept: anyConcept, drawn } = learntDrawings(drawing);
  const made: Question[] = [];
  while (made.length < count) {
    const { concept, file, picture } = await drawn();
    const briefly = random() < 0.75;
    const turns = Array.from({ length: TURNS }, () => {
      const kind = briefly ? 1 : random();
      if (kind < 0.15) return [any(NAMING), `It is ${spoken(concept)}.`];
      if (kind < 0.5) return [any(UNTOLD), CAN_NOT_TELL];
      const supposed = random() < 0.5 ? concept : otherThan(concept, anyConcept);
      return presence(concept, supposed, { any, briefly });
    });
    const [text = '', ...then] = turns.flat();
    made.push({ picture, file, text, then });
  }
  return made;
}

function presence(
  shown: EmojiConcept,
  supposed: EmojiConcept,
  { any, briefly }: { any: (from: readonly string[]) => string; briefly: boolean },
): [question: string, answer: string] {
  const there = shown === supposed;
  const asked = any(PRESENCE).replace('{name}', spoken(supposed));
  if (briefly) return [asked + any(BRIEFLY), there ? 'Yes.' : 'No.'];
  return [asked, there ? `Yes, it is ${spoken(shown)}.` : `No, it is ${spoken(shown)}.`];
}

/** Drawn until it has no word of the first, nor of its tags. */
function otherThan(concept: EmojiConcept, draw: () => EmojiConcept): EmojiConcept {
  const own = new Set([concept.label, ...concept.tags].flatMap(wordsOf));
  for (;;) {
    const other = draw();
    if (!wordsOf(nameForms(other)[0] ?? '').some((word) => own.has(word) && word !== 'flag')) {
      return other;
    }
  }
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}+/gu) ?? [];

function spoken(concept: EmojiConcept): string {
  const [name = ''] = nameForms(concept);
  if (concept.flag) return `the ${name}`;
  return withArticle(name);
}
