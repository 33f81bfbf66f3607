import { describe, expect, it } from 'vitest';
import { NEW_ANSWER } from '../answer/answer.ts';
import type { Turn } from '../chat/conversation.ts';
import { USUAL_SETTINGS } from '../settings/settings.ts';
import { PROMPT_PASS } from '../testing/passes.ts';
import { chatBody } from './chat-body.ts';

const ask = (text: string, url?: string): Turn => ({
  ...{ role: 'user', text, pictures: url === undefined ? [] : [{ name: 'p.png', url }] },
});
const reply = (passes = [PROMPT_PASS]): Turn => ({
  ...{ role: 'assistant', seed: 1, answer: { ...NEW_ANSWER, passes } },
});

describe('a chat request', () => {
  it('has the whole conversation, pictures before the words', () => {
    const turns = [ask('What?', 'data:image/png;base64,AA'), reply(), ask('And now?')];
    expect(chatBody(turns, { ...USUAL_SETTINGS, system: 'Be short.' }, 5)).toMatchObject({
      seed: 5,
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: [{ type: 'image_url' }, { type: 'text', text: 'What?' }] },
        { role: 'assistant', content: 'A' },
        { role: 'user', content: 'And now?' },
      ],
    });
  });

  it('leaves out answers without words, and words that nobody wrote', () => {
    const { messages } = chatBody([ask('', 'data:,'), reply([]), ask('b')], USUAL_SETTINGS, 0);
    expect(messages).toEqual([
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] },
      { role: 'user', content: 'b' },
    ]);
  });

  it.each([
    ['auto' as const, { passes: true }],
    ['plain' as const, { passes: true, plain: true }],
    [8, { passes: true, tree: 8 }],
  ])('asks for the tree %s', (tree, msd) => {
    expect(chatBody([ask('a')], { ...USUAL_SETTINGS, tree }, 0).msd).toEqual(msd);
  });
});
