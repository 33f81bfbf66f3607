import { describe, expect, it } from 'vitest';
import { createChatTemplate } from '../../../input/chat-template.ts';
import type { NormalMessage } from '../../../input/messages.ts';
import { ORIGINAL_LLAVA_TEMPLATE } from './original-llava-template.ts';

const template = createChatTemplate(ORIGINAL_LLAVA_TEMPLATE, {
  namedTokens: {},
  now: () => new Date(0),
});
const render = (...messages: NormalMessage[]) => template(messages, { addGenerationPrompt: true });

const SYSTEM =
  "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions.";
const text = (text: string) => ({ type: 'text', text }) as const;
const PICTURE = { type: 'image' } as const;

describe("the conversation of LLaVA's own code", () => {
  it('opens with the system sentence', () => {
    expect(render({ role: 'user', content: [text('Hello')] })).toBe(
      `${SYSTEM} USER: Hello ASSISTANT:`,
    );
  });

  it('puts pictures first in their turn, a line each', () => {
    const content = [text('What is it?'), PICTURE, PICTURE];
    expect(render({ role: 'user', content })).toBe(
      `${SYSTEM} USER: <unk>\n<unk>\nWhat is it? ASSISTANT:`,
    );
  });

  it('ends answers with the end token and nothing else', () => {
    const turns = render(
      { role: 'user', content: [PICTURE, text('One?')] },
      { role: 'assistant', content: [text('Yes.')] },
      { role: 'user', content: [text('Two?')] },
    );
    expect(turns).toBe(`${SYSTEM} USER: <unk>\nOne? ASSISTANT: Yes.</s>USER: Two? ASSISTANT:`);
  });

  it('takes a system message in place of its own', () => {
    const system: NormalMessage = { role: 'system', content: [text('Be brief.')] };
    expect(render(system, { role: 'user', content: [text('Hello')] })).toBe(
      'Be brief. USER: Hello ASSISTANT:',
    );
  });
});
