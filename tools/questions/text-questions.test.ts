import { describe, expect, it } from 'vitest';
import { seededDraws } from '../../src/evaluate/bench-world.ts';
import { type EmojiConcept, isHeldOut } from '../../src/evaluate/pictures/emoji-concepts.ts';
import { textsSuite } from '../../src/evaluate/suites/texts-suite.ts';
import { textQuestions } from './text-questions.ts';

const letters = (at: number) => String.fromCharCode(97 + (at % 26), 97 + Math.floor(at / 26));
const concepts = Array.from({ length: 200 }, (_, at): EmojiConcept => {
  const code = (0x1f300 + at).toString(16);
  return { code, label: `thing${letters(at)}`, tags: [], flag: false };
});
const texts = textQuestions(600, { concepts, random: seededDraws(1) }).map(({ text }) => text);

describe('questions without a picture', () => {
  it('are as many as asked for, none twice, with nothing left to fill in', () => {
    expect(new Set(texts).size).toBe(600);
    expect(texts.filter((text) => /[{}]/.test(text))).toEqual([]);
  });

  it('speak of no concept that is held out', () => {
    const held = new Set(concepts.filter(isHeldOut).map(({ label }) => label));
    const spoken = texts.flatMap((text) => text.split(/\W+/));
    expect(spoken.filter((word) => held.has(word))).toEqual([]);
  });

  it('are none that the suite asks', () => {
    const suite = new Set(textsSuite().items.map(({ question }) => question));
    expect(texts.filter((text) => suite.has(text))).toEqual([]);
  });
});
