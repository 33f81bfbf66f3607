import { describe, expect, it } from 'vitest';
import type { AnswerEvent } from '../answer/answer-event.ts';
import { endAnswer, NEW_ANSWER, takeEvent, textOf } from './answer.ts';
import { guesserOf } from './guesser.ts';

const word = (text: string, by: 'draft' | 'text' | 'target' = 'target'): AnswerEvent => ({
  ...{ type: 'word', text, by },
});
const pass = (kept: readonly number[], ms = 1): AnswerEvent => ({
  type: 'pass',
  tree: {
    nodes: [
      { token: 'A', parent: -1, by: null },
      { token: 'b', parent: 0, by: 'draft' },
      { token: 'c', parent: 1, by: 'text' },
    ],
    kept,
  },
  times: { targetMs: ms, draftMs: 0, hostMs: 0 },
});
const end: AnswerEvent = { type: 'end', finish: 'stop', clock: { firstToken: 20, total: 50 } };

const told = (events: readonly AnswerEvent[]) =>
  events.reduce((answer, event, at) => takeEvent(answer, event, at), NEW_ANSWER);

describe('an answer that is told', () => {
  it('puts each word under the pass that gave it, the first under the prompt’s own', () => {
    const { passes, open } = told([
      ...[word('A'), word('b', 'draft'), word('x'), pass([0, 1])],
      ...[word('y'), pass([0]), word('z')],
    ]);
    const texts = passes.map(({ words }) => words.map(({ text }) => text).join(''));
    expect(texts).toEqual(['A', 'bx', 'y']);
    expect(passes[0]?.tree).toBeNull();
    expect(open.map(({ text }) => text)).toEqual(['z']);
  });

  it('counts as kept what was written: an end may cut what the model agreed with', () => {
    const { passes } = told([word('A'), word('b', 'draft'), pass([0, 1, 2])]);
    expect(passes[1]?.tree?.kept).toEqual([0, 1]);
  });

  it('has at its end the times of the server’s clock, by what each pass took', () => {
    const { passes, at } = told([
      ...[word('A'), word('x'), pass([0], 2), word('y'), pass([0], 4), end],
    ]);
    expect(passes.map((one) => one.at)).toEqual([20, 30, 50]);
    expect(at).toBe(50);
  });

  it('keeps its words when it is stopped, or fails', () => {
    const answer = told([word('A'), word('b'), pass([0]), word('c')]);
    expect(endAnswer(answer, null)).toMatchObject({ state: 'stopped', error: null });
    expect(endAnswer(answer, 'gone')).toMatchObject({ state: 'failed', error: 'gone' });
    expect(textOf(endAnswer(answer, 'gone'))).toBe('Abc');
  });
});

it.each([
  ['msd', 'msd', 'draft'],
  ['suffix', 'msd', 'text'],
  ['recycled', null, 'text'],
  ['target', 'msd', 'target'],
])('a word by %s, beside the network %s, counts as guessed by %s', (by, network, guesser) => {
  expect(guesserOf(by, network)).toBe(guesser);
});
