import { describe, expect, it } from 'vitest';
import { ContextLengthError, ImageError, PromptError } from '../../../contracts/errors.ts';
import type { ChatMessage } from '../../../contracts/messages.ts';
import { fakeResult } from '../../../evaluate/testing/fake-results.ts';
import { chatLoop } from './chat-loop.ts';

/** Runs a chat over `lines` whose answers are `replies`: a text, or an error. */
async function chat(
  lines: readonly string[],
  replies: readonly (string | Error)[],
  attached: readonly string[] = [],
  { system, isGreedy = false }: { system?: string; isGreedy?: boolean } = {},
) {
  const [left, answers] = [[...lines], [...replies]];
  const asked: (readonly ChatMessage[])[] = [];
  const tries: number[] = [];
  const saved: (readonly ChatMessage[])[] = [];
  let told = '';
  const failed = await chatLoop(
    {
      nextLine: async () => left.shift() ?? null,
      async answer(messages, again) {
        asked.push(messages);
        tries.push(again);
        const reply = answers.shift() ?? '';
        if (reply instanceof Error) throw reply;
        return { ...fakeResult({ ids: [1] }), text: reply };
      },
      isGreedy,
      async openPicture(file) {
        if (file !== 'bad.png') return file;
        throw new ImageError(file, 'there is no such file; check the path.');
      },
      async save(file, messages) {
        saved.push(messages);
        return file;
      },
      tell: (text) => {
        told += text;
      },
    },
    { pictures: attached, ...(system !== undefined && { system }) },
  );
  return { asked, tries, saved, told, failed };
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

it('says what helps where the context is full', async () => {
  const { told } = await chat(['one'], [new ContextLengthError(70, 64)]);
  expect(told).toMatch(/^error: The prompt has 70 tokens.* holds 64.*\n\/reset begins/);
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

describe('/retry', () => {
  it('answers the last message again, in place of its answer, and by another draw', async () => {
    const lines = ['one', '/image a.png', 'two', '/retry', '/retry', 'three'];
    const { asked, tries } = await chat(lines, ['first', 'bad', 'worse', 'good', 'last']);
    const two = [user('one'), assistant('first'), user('two', 'a.png')];
    expect(asked.slice(1, 4)).toEqual([two, two, two]);
    expect(tries).toEqual([0, 0, 1, 2, 0]);
    expect(asked[4]).toEqual([...two, assistant('good'), user('three')]);
  });

  it('asks a message again that failed, and keeps the old answer where it fails itself', async () => {
    const error = new PromptError('No.');
    const lines = ['one', '/retry', '/retry', 'two'];
    const { asked } = await chat(lines, [error, 'first', error, 'second']);
    expect(asked[1]).toEqual([user('one')]);
    expect(asked[3]).toEqual([user('one'), assistant('first'), user('two')]);
  });

  it('says where it can do nothing, or nothing new', async () => {
    expect((await chat(['/retry'], [])).told).toContain('There is no message yet');
    const { told } = await chat(['one', '/retry'], ['a', 'a'], [], { isGreedy: true });
    expect(told).toContain('At temperature 0 the words stay the same');
  });
});

it('puts the system message in front, that of /system from then on', async () => {
  const lines = ['one', '/system Be short.', 'two', '/system ""', 'three', '/system'];
  const { asked, told } = await chat(lines, ['a', 'b', 'c'], [], { system: 'Be kind.' });
  const system = (content: string): ChatMessage => ({ role: 'system', content });
  expect(asked.map(([first]) => first)).toEqual([
    system('Be kind.'),
    system('Be short.'),
    user('one'),
  ]);
  expect(told).toBe(
    'System message: Be short.\nThere is no system message.\nThere is no system message.\n',
  );
});

it('saves the conversation as it stands', async () => {
  const { saved, told } = await chat(['/save a.json', 'one', '/save a.json', '/save'], ['first']);
  expect(saved).toEqual([[user('one'), assistant('first')]]);
  expect(told).toBe(
    'There is nothing to save yet.\na.json holds the conversation.\nWhere to? Give a file, as /save chat.json.\n',
  );
});

it('takes lines that go on for one message', async () => {
  const { asked } = await chat(['one\\', 'two', '"""', '/reset', '"""'], ['a', 'b']);
  expect(asked[1]).toEqual([user('one\ntwo'), assistant('a'), user('/reset')]);
});
