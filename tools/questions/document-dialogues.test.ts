import { describe, expect, it } from 'vitest';
import {
  FIELD_QUESTIONS,
  type FieldName,
} from '../../src/evaluate/pictures/documents/field-questions.ts';
import type { Field } from '../../src/evaluate/pictures/documents/template.ts';
import { createDraws } from '../../src/evaluate/pictures/draws.ts';
import { UNTOLD_OF_DOCUMENTS } from '../../src/evaluate/suites/refusals-suite.ts';
import { documentTurns } from './document-dialogues.ts';
import { CAN_NOT_TELL } from './taught-phrasings.ts';

const FIELDS: Field[] = [
  { name: 'total', values: ['$12.40', '12.40'] },
  { name: 'price', of: 'tea', values: ['$2.10'] },
  { name: 'price', of: 'cake', values: ['$3.30'] },
];
const WORDS = 'Tea $2.10\nCake $3.30\nTotal $12.40';
const TAUGHT: ReadonlySet<FieldName> = new Set([
  'total',
  'price',
  'seat',
  'born',
  'order',
] as const);
const turns = (seed: number, fields = FIELDS) =>
  documentTurns({ fields, draws: createDraws(seed) }, WORDS, TAUGHT);
const all = Array.from({ length: 200 }, (_, seed) => turns(seed)).flat();

describe('dialogues about documents', () => {
  it('answer with what is printed, by what is asked for', () => {
    const said = new Map(all.filter(([, answer]) => answer !== CAN_NOT_TELL));
    for (const [question, answer] of said) {
      if (question.includes('tea')) expect(answer).toBe('It is $2.10.');
      else if (question.includes('cake')) expect(answer).toBe('It is $3.30.');
      else expect(answer, question).toBe('It is $12.40.');
    }
    expect(said.size).toBeGreaterThan(5);
  });

  it('say that what other documents tell can not be told, and never what suites ask for', () => {
    const untold = all.flatMap(([question, answer]) => (answer === CAN_NOT_TELL ? [question] : []));
    expect(untold.length / all.length).toBeGreaterThan(0.25);
    const own = new Set<string>(FIELD_QUESTIONS.total);
    expect(untold.filter((question) => own.has(question))).toEqual([]);
    const suites = new Set<string>(Object.values(UNTOLD_OF_DOCUMENTS).flat());
    expect(untold.filter((question) => suites.has(question))).toEqual([]);
  });

  it('never say that of what no document that teaches has', () => {
    const questions = new Set(all.map(([question]) => question));
    for (const name of ['plate', 'balance', 'patient', 'flight'] as const) {
      for (const question of FIELD_QUESTIONS[name]) expect(questions).not.toContain(question);
    }
  });

  it('ask for each field once', () => {
    for (let seed = 0; seed < 50; seed++) {
      const told = turns(seed).flatMap(([, answer]) => (answer === CAN_NOT_TELL ? [] : [answer]));
      expect(new Set(told).size).toBe(told.length);
    }
  });

  it('ask for nothing that the reader did not find', () => {
    expect(turns(1, [{ name: 'shop', values: ['Elsewhere'] }])).toEqual([]);
  });
});
