import type { EmojiArtist } from '../../src/evaluate/pictures/emoji-artist.ts';
import { type EmojiConcept, isHeldOut } from '../../src/evaluate/pictures/emoji-concepts.ts';
import { nameForms } from '../names/name-forms.ts';
import { PHRASINGS } from './phrasings.ts';
import type { Question } from './write-questions.ts';

interface Drawing {
  readonly concepts: readonly EmojiConcept[];
  /** Those that names were learnt from. */
  readonly artists: readonly (EmojiArtist & { readonly name: string })[];
  readonly random: () => number;
}

/**
 * Draws questions: a concept, who drew it, and what is asked of it. None is drawn twice, and none of a concept that was
 * held out.
 */
export async function learntQuestions(
  count: number,
  { concepts, artists, random }: Drawing,
): Promise<Question[]> {
  const learnt = concepts.filter((concept) => !isHeldOut(concept));
  const any = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const made = new Map<string, Question>();
  while (made.size < count) {
    const [concept, { name, picture }] = [any(learnt), any(artists)];
    const file = await picture(concept);
    if (file === undefined) continue;
    const supposed = random() < 0.5 ? concept : any(learnt);
    const text = withName(any(any(phrasingsFor(concept))), supposed);
    const question = { picture: `${name}-${concept.code}`, file, text };
    made.set(`${question.picture} ${text}`, question);
  }
  return [...made.values()];
}

/** Each kind as often as its share says. */
const phrasingsFor = ({ flag }: EmojiConcept) =>
  PHRASINGS.filter(({ of }) => of === 'any' || flag).flatMap((kind) =>
    Array.from({ length: kind.share }, () => kind.texts),
  );

function withName(text: string, concept: EmojiConcept): string {
  const [name = ''] = nameForms(concept);
  return text.replace('a {name}', `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`);
}
