import { describe, expect, it } from 'vitest';
import { compareAnswers } from './compare-answers.ts';

const END = 2;
const rules = { end: [END], maxTokens: 4 };
const answer = (...ids: number[]) => ({ promptTokens: 7, ids });
const unasked = () => Promise.reject(new Error('nothing to judge'));

/** Hugging Face says 10 11 12 and ends. */
const theirs = answer(10, 11, 12, END);

/** Our answer, and how far below the highest logit Hugging Face finds its tokens. */
const verdict = (ids: number[], shortfalls: number[]) =>
  compareAnswers(answer(...ids), theirs, rules, async () => shortfalls);

describe('compareAnswers', () => {
  it('finds equal answers equal, without another look', async () => {
    expect(await compareAnswers(theirs, theirs, rules, unasked)).toEqual({ kind: 'equal' });
  });

  it('takes a token within 1e-3 of the highest logit for a near tie', async () => {
    expect(await verdict([10, 20, 21, 22], [0, 0.0009, 0, 0])).toEqual({
      kind: 'near tie',
      token: 2,
      shortfall: 0.0009,
    });
  });

  it.each<[string, number[], number[], string]>([
    ['a token too far below', [10, 20, END], [0, 0.0011, 0], 'token 2 is 20 here, 11 there'],
    ['a wrong token after a near tie', [10, 20, END], [0, 0.0001, 3], 'token 2 is 20 here'],
    ['a logit that is no number', [10, 20, END], [0, Number.NaN, 0], 'token 2 is 20 here'],
    ['an answer cut short', [10, 11], [0, 0], 'it ends at token 2'],
    ['an answer that goes on past its end', [END, 11, 12, 13], [0, 0, 0, 0], 'it ends at token 4'],
    ['a token that was not judged', [10, 20, END], [0], 'token 2 is 20 here'],
  ])('lets pass no %s', async (_, ids, shortfalls, reason) => {
    const found = await verdict(ids, shortfalls);
    expect(found).toMatchObject({ kind: 'differs', reason: expect.stringContaining(reason) });
  });

  it('names prompts of another length', async () => {
    const found = await compareAnswers({ ...theirs, promptTokens: 8 }, theirs, rules, unasked);
    expect(found).toEqual({
      kind: 'differs',
      reason: 'its prompt has 8 tokens here, 7 there',
    });
  });
});
