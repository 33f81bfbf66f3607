import { describe, expect, it } from 'vitest';
import { NEW_ANSWER } from '../answer/answer.ts';
import type { Conversation } from '../chat/conversation.ts';
import { settled } from './history.ts';

const kept = (id: string, changed: number, state: 'writing' | 'done' = 'done'): Conversation => ({
  ...{ id, changed },
  turns: [{ role: 'assistant', seed: 0, answer: { ...NEW_ANSWER, state } }],
});

describe('what was kept', () => {
  it('comes newest first', () => {
    const ids = settled([kept('a', 1), kept('b', 3), kept('c', 2)]).map(({ id }) => id);
    expect(ids).toEqual(['b', 'c', 'a']);
  });

  it('has no answer that still runs: leaving the page ended it', () => {
    const [one] = settled([kept('a', 1, 'writing')]);
    expect(one?.turns).toMatchObject([{ answer: { state: 'stopped' } }]);
    expect(settled([kept('a', 1)])).toMatchObject([{ turns: [{ answer: { state: 'done' } }] }]);
  });
});
