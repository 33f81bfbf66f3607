import type { EmojiConcept } from '../../src/evaluate/pictures/emoji-concepts.ts';
import { withArticle } from '../../src/evaluate/suites/with-article.ts';
import { nameForms } from '../names/name-forms.ts';
import { learntConcepts } from './learnt-drawings.ts';
import type { TextQuestion } from './write-questions.ts';

/** `{a}` and `{b}` are things with their article, `{m}` and `{n}` numbers, `{who}` a name, `{day}` a day. */
const ASKED: readonly string[] = [
  'What is {a}?',
  'What is {a} for? Answer in a few words.',
  'What colour is {a}? Answer with one word.',
  'Where would I find {a}?',
  'Name five things similar to {a}.',
  'Write one sentence about {a}.',
  'Write a title for a story about {a}.',
  'Which is heavier, {a} or {b}?',
  'Is {a} larger than {b}? Answer yes or no.',
  'Is {a} alive?',
  'Can you eat {a}?',
  'How do I draw {a}?',
  'Give me advice: I am afraid of {a}.',
  'Tell me a joke about {a}.',
  'Spell the word "{a}".',
  'What do {a} and {b} have in common?',
  'Explain {a} to a child.',
  'Make a list of three words that rhyme with {a}.',
  'Translate "{a}" into French.',
  'What is {m} + {n}?',
  'What is {m} minus {n}?',
  'What is {m} × {n}? Answer with the number.',
  'How many days are {m} weeks?',
  'What is {m} percent of {n}0?',
  'Count from {m} down to 1.',
  '"{who} bought {a} for {m} euros." Who bought it?',
  '"{who} bought {a} for {m} euros." How much was it?',
  '"{who} found {a} beside {b} on {day}." What was found?',
  '"{who} found {a} beside {b} on {day}." When was it found?',
  '"We sell {a} and {b}, but only on {day}." On which day can I buy it?',
  'My name is {who}. What is my name?',
  'Say hello to {who}.',
  'What day comes before {day}?',
  'Write an email to {who} about {a}.',
  'Write a poem of two lines about {a}.',
  'Correct this sentence: "{who} have {m} of {a}."',
  'What would you say to {who} on {day}?',
  'Sort these words: {a}, {b}, {who}.',
];

const NAMES = 'Alice Bram Carlos Dina Emil Farah Greta Hiro Ines Jonas Kavya Leon Mina Noor'.split(
  ' ',
);
const DAYS = ['Tuesday', 'Wednesday', 'Friday', 'Saturday', 'Sunday'];

/**
 * Questions without a picture, each once, for a target to answer itself: what it learns about pictures must not cost it its
 * words. None is of a concept that was held out.
 */
export function textQuestions(
  count: number,
  { concepts, random }: { concepts: readonly EmojiConcept[]; random: () => number },
): TextQuestion[] {
  const things = concepts.filter(({ flag }) => !flag);
  const { any, concept } = learntConcepts({ concepts: things, random });
  const thing = () => withArticle(nameForms(concept())[0] ?? '');
  const number = () => String(2 + Math.floor(random() * 48));
  const drawn: Readonly<Record<string, () => string>> = {
    ...{ a: thing, b: thing, m: number, n: number },
    ...{ who: () => any(NAMES), day: () => any(DAYS) },
  };
  const made = new Set<string>();
  while (made.size < count) {
    made.add(any(ASKED).replace(/\{(\w+)\}/g, (_, name: string) => drawn[name]?.() ?? ''));
  }
  return [...made].map((text) => ({ text }));
}
