import { expect, it } from 'vitest';
import { ImageError, PromptError } from '../../../contracts/errors.ts';
import type { ChatMessage } from '../../../contracts/messages.ts';
import { fakeResult } from '../../../evaluate/testing/fake-results.ts';
import { chatLoop } from './chat-loop.ts';

/** Runs a chat over `lines` whose answers are `replies`: a text, or an error. */
async function chat(
  lines: readonly string[],
  replies: readonly (string | Error)[],
  attached: readonly string[] = [],
) {
  const [left, answers] = [[...lines], [...replies]];
  const asked: (readonly ChatMessage[])[] = [];
  let told = '';
  const failed = await chatLoop(
    {
      nextLine: async () => left.shift() ?? null,
      async answer(messages) {
        asked.push(messages);
        const reply = answers.shift() ?? '';
        if (reply instanceof Error) throw reply;
        return { ...fakeResult({ ids: [1] }), text: reply };
      },
      async checkPicture(file) {
        if (file === 'bad.png')
          throw new ImageError(file, 'there is no such file; check the path.');
      },
      tell: (text) => {
        told += text;
      },
    },
    attached,
  );
  return { asked, told, failed };
}

const user = (text: string, ...pictures: string[]): ChatMessage => ({
  role: 'user',
  content:
    pictures.length === 0
      ? text
      : [
          ...pictures.map((image) => ({ type: 'image' as const, image })),
          { type: 'text' as const, text },
        ],
});
const assistant = (text: string): ChatMessage => ({ role: 'assistant', content: text });

it('keeps the conversation', async () => {
  const { asked, failed } = await chat(['one', 'two'], ['first', 'second']);
  expect(asked).toEqual([[user('one')], [user('one'), assistant('first'), user('two')]]);
  expect(failed).toBe(false);
});

it('attaches pictures to the next message alone', async () => {
  const lines = ['/image b.png', 'one', 'two'];
  const { asked } = await chat(lines, ['first', 'second'], ['a.png']);
  expect(asked[1]).toEqual([user('one', 'a.png', 'b.png'), assistant('first'), user('two')]);
});

it('forgets all at /reset, attached pictures too', async () => {
  const { asked } = await chat(['one', '/image a.png', '/reset', 'two'], ['first', 'second']);
  expect(asked[1]).toEqual([user('two')]);
});

it('stops at /exit', async () => {
  const { asked } = await chat(['/exit', 'one'], []);
  expect(asked).toEqual([]);
});

it('leaves a message that failed out, shows why, and keeps its pictures', async () => {
  const error = new PromptError('The words\nare wrong.');
  const { asked, told, failed } = await chat(['one', 'two'], [error, 'second'], ['a.png']);
  expect(asked[1]).toEqual([user('two', 'a.png')]);
  expect(told).toBe('error: The words are wrong.\n');
  expect(failed).toBe(true);
});

it('checks a picture at once, and does not attach one that fails', async () => {
  const { asked, told, failed } = await chat(['/image bad.png', 'one'], ['first']);
  expect(asked).toEqual([[user('one')]]);
  expect(told).toContain('Picture bad.png: there is no such file');
  expect(failed).toBe(true);
});

it('leaves a message out that was cancelled before the first word', async () => {
  const { asked } = await chat(['one', 'two'], ['', 'second']);
  expect(asked[1]).toEqual([user('two')]);
});

it('lets bugs through', async () => {
  await expect(chat(['one'], [new TypeError('oh')])).rejects.toThrow('oh');
});
