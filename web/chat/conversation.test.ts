import { describe, expect, it } from 'vitest';
import { textOf } from '../answer/answer.ts';
import { type ChatAction, type Conversation, changeConversation, titleOf } from './conversation.ts';

const EMPTY: Conversation = { id: 'a', changed: 0, turns: [] };
const changedBy = (...actions: ChatAction[]) => actions.reduce(changeConversation, EMPTY);
const asked = (text: string): ChatAction => ({
  type: 'asked',
  question: { role: 'user', text, pictures: [{ name: 'cat.png', url: 'data:,' }] },
  ...{ seed: 1, now: 5 },
});
const told = (text: string): ChatAction => ({
  type: 'told',
  events: [{ event: { type: 'word', text, by: 'target' }, at: 1 }],
});

describe('a conversation', () => {
  it('grows by a question, and an answer that is told', () => {
    const { turns, changed } = changedBy(asked('What?'), told('A '), told('cat'));
    const [question, reply] = turns;
    expect(question).toMatchObject({ role: 'user', text: 'What?' });
    expect(reply?.role === 'assistant' && textOf(reply.answer)).toBe('A cat');
    expect(changed).toBe(5);
  });

  it('has another answer in the place of one that is asked for again', () => {
    const again = { type: 'asked again', seed: 2, now: 6 } as const;
    const { turns } = changedBy(asked('What?'), told('A dog'), again, told('A cat'));
    expect(turns).toHaveLength(2);
    const [, reply] = turns;
    expect(reply).toMatchObject({ seed: 2 });
    expect(reply?.role === 'assistant' && textOf(reply.answer)).toBe('A cat');
  });

  it('is called by its first question, or by its pictures', () => {
    expect(titleOf(changedBy(asked('What is it?')))).toBe('What is it?');
    expect(titleOf(changedBy(asked('')))).toBe('cat.png');
    expect(titleOf(EMPTY)).toBe('Nothing asked yet');
  });
});
