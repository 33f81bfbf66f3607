import { expect, it } from 'vitest';
import type { QuestionFlags } from './question.ts';
import { readQuestion } from './question.ts';

async function read(flags: Partial<QuestionFlags>, input: string, isPiped = true) {
  let told = '';
  const messages = await readQuestion(
    { prompt: undefined, image: undefined, messages: undefined, ...flags },
    {
      readInput: async () => input,
      isPiped,
      isTerminal: !isPiped,
      notify: (text) => {
        told += text;
      },
    },
  );
  return { messages, told };
}

it('puts piped text behind the prompt, and says so', async () => {
  const { messages, told } = await read({ prompt: 'Sum up:' }, 'A long text.');
  expect(messages).toEqual([{ role: 'user', content: 'Sum up:\n\nA long text.' }]);
  expect(told).toBe('12 characters of standard input go behind the prompt.\n');
});

it('asks the prompt alone where the pipe is empty or there is none', async () => {
  const alone = [{ role: 'user', content: 'Hello' }];
  expect(await read({ prompt: 'Hello' }, '')).toEqual({ messages: alone, told: '' });
  expect(await read({ prompt: 'Hello' }, 'unread', false)).toEqual({ messages: alone, told: '' });
});

it('reads messages from standard input', async () => {
  const messages = [{ role: 'user', content: 'Hello' }];
  const { messages: asked, told } = await read(
    { messages: '-' },
    JSON.stringify({ model: 'any', messages }),
  );
  expect(asked).toEqual(messages);
  expect(told).toContain('only "messages" is read, not model');
  await expect(read({ messages: '-' }, '{')).rejects.toThrow(
    'standard input: this is not valid JSON',
  );
});

it('says what is waited for on a terminal', async () => {
  const { told } = await read({ prompt: '-' }, 'typed', false);
  expect(told).toContain('Type the prompt; Ctrl-D');
});
