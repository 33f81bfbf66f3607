import type { EmojiArtist } from '../../src/evaluate/pictures/emoji-artist.ts';
import { type EmojiConcept, isHeldOut } from '../../src/evaluate/pictures/emoji-concepts.ts';
import { nameForms } from '../names/name-forms.ts';
import { BRIEFLY, CAN_NOT_TELL, NAMING, PRESENCE, UNTOLD } from './taught-phrasings.ts';
import type { Question } from './write-questions.ts';

interface Drawing {
  readonly concepts: readonly EmojiConcept[];
  /** Those that names were learnt from. */
  readonly artists: readonly (EmojiArtist & { readonly name: string })[];
  readonly random: () => number;
}

/** Questions of a dialogue: as many as cost what its picture does. */
const TURNS = 4;

/**
 * Dialogues about what a picture shows, with true answers: whether it or something else is there, one as often as the
 * other; what it is; and what can't be told. None is of a concept that was held out.
 */
export async function taughtDialogues(
  count: number,
  { concepts, artists, random }: Drawing,
): Promise<Question[]> {
  const learnt = concepts.filter((concept) => !isHeldOut(concept));
  const any = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const made: Question[] = [];
  while (made.length < count) {
    const [concept, { name, picture }] = [any(learnt), any(artists)];
    const file = await picture(concept);
    if (file === undefined) continue;
    const briefly = random() < 0.75;
    const turns = Array.from({ length: TURNS }, () => {
      const kind = briefly ? 1 : random();
      if (kind < 0.15) return [any(NAMING), `It is ${withArticle(concept)}.`];
      if (kind < 0.5) return [any(UNTOLD), CAN_NOT_TELL];
      const supposed = random() < 0.5 ? concept : otherThan(concept, () => any(learnt));
      return presence(concept, supposed, { any, briefly });
    });
    const [text = '', ...then] = turns.flat();
    made.push({ picture: `${name}-${concept.code}`, file, text, then });
  }
  return made;
}

function presence(
  shown: EmojiConcept,
  supposed: EmojiConcept,
  { any, briefly }: { any: (from: readonly string[]) => string; briefly: boolean },
): [question: string, answer: string] {
  const there = shown === supposed;
  const asked = any(PRESENCE).replace('{name}', withArticle(supposed));
  if (briefly) return [asked + any(BRIEFLY), there ? 'Yes.' : 'No.'];
  return [asked, there ? `Yes, it is ${withArticle(shown)}.` : `No, it is ${withArticle(shown)}.`];
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

function withArticle(concept: EmojiConcept): string {
  const [name = ''] = nameForms(concept);
  if (concept.flag) return `the ${name}`;
  return `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`;
}
