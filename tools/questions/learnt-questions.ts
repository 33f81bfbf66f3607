import type { EmojiConcept } from '../../src/evaluate/pictures/emoji-concepts.ts';
import { withArticle } from '../../src/evaluate/suites/with-article.ts';
import { nameForms } from '../names/name-forms.ts';
import { type Drawing, learntDrawings } from './learnt-drawings.ts';
import { PHRASINGS } from './phrasings.ts';
import type { Question } from './write-questions.ts';

/**
 * Draws questions: a concept, who drew it, and what is asked of it. None is drawn twice, and none of a concept that was
 * held out.
 */
export async function learntQuestions(count: number, drawing: Drawing): Promise<Question[]> {
  const { any, concept: anyConcept, drawn } = learntDrawings(drawing);
  const made = new Map<string, Question>();
  while (made.size < count) {
    const { concept, file, picture } = await drawn();
    const supposed = drawing.random() < 0.5 ? concept : anyConcept();
    const text = withName(any(any(phrasingsFor(concept))), supposed);
    const question = { picture, file, text };
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
  return text.replace('a {name}', withArticle(name));
}
