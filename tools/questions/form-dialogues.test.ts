import { describe, expect, it } from 'vitest';
import { createDraws } from '../../src/evaluate/pictures/draws.ts';
import { SEEN_FONTS } from '../../src/evaluate/pictures/fonts.ts';
import { truthOf } from '../../src/evaluate/pictures/pages/page.ts';
import { UNTOLD_OF_DOCUMENTS } from '../../src/evaluate/suites/refusals-suite.ts';
import { formTurns } from './form-dialogues.ts';
import { ENTRIES } from './form-entries.ts';
import { madeUpForm } from './made-up-forms.ts';
import { CAN_NOT_TELL } from './taught-phrasings.ts';

const forms = Array.from({ length: 200 }, (_, seed) => {
  const draws = createDraws(seed);
  const { sheet, filled } = madeUpForm(draws, SEEN_FONTS);
  return { sheet, filled, turns: formTurns(filled, draws, truthOf(sheet)) };
});

describe('dialogues about forms', () => {
  it('answer with the value of what is asked for', () => {
    let told = 0;
    for (const { filled, turns } of forms) {
      for (const [question, answer] of turns) {
        const about = filled.find(({ entry }) => entry.asks.includes(question));
        expect(answer, question).toBe(about ? `It is ${about.value}.` : CAN_NOT_TELL);
        if (about) told += 1;
      }
    }
    expect(told).toBeGreaterThan(400);
  });

  it('say of entries that a form lacks that they can not be told, and never of what suites ask for', () => {
    const untold = forms.flatMap(({ turns }) =>
      turns.flatMap(([question, answer]) => (answer === CAN_NOT_TELL ? [question] : [])),
    );
    expect(untold.length).toBeGreaterThan(100);
    const suites = new Set<string>(Object.values(UNTOLD_OF_DOCUMENTS).flat());
    expect(untold.filter((question) => suites.has(question))).toEqual([]);
  });

  it('ask for nothing where the reader found no value', () => {
    const draws = createDraws(1);
    const { filled } = madeUpForm(draws, SEEN_FONTS);
    expect(formTurns(filled, draws, 'nothing of it')).toEqual([]);
  });
});

describe('made-up forms', () => {
  it('have each value once, with its label on the sheet', () => {
    for (const { sheet, filled } of forms) {
      expect(new Set(filled.map(({ value }) => value)).size).toBe(filled.length);
      const words = truthOf(sheet);
      for (const { label, value } of filled) {
        expect(words).toContain(label);
        expect(words).toContain(value);
      }
    }
  });

  it('ask for each entry in words that no other one has', () => {
    const asked = ENTRIES.flatMap(({ asks }) => asks);
    expect(asked.filter((question, at) => asked.indexOf(question) !== at)).toEqual([]);
    const labels = ENTRIES.flatMap((entry) => entry.labels);
    expect(labels.filter((label, at) => labels.indexOf(label) !== at)).toEqual([]);
  });
});
