import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckpointError, ImageError, PromptError } from '../contracts/errors.ts';
import { readPrompts } from './prompt-set.ts';

const validation = fileURLToPath(new URL('../../fixtures/tiny/validation', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msd-prompts-'));
  await writeFile(join(folder, 'one.png'), '');
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string) {
  const path = join(folder, 'set.jsonl');
  await writeFile(path, text);
  return readPrompts(path);
}

describe('JSON Lines', () => {
  it('reads prompts with pictures beside the file, and skips empty lines', async () => {
    const prompts = await read('{"prompt": "Hi?"}\n\n{"prompt": "And?", "images": ["one.png"]}\n');
    expect(prompts.map(({ name, images }) => [name, images])).toEqual([
      ['Hi?', 0],
      ['And?', 1],
    ]);
    const picture = { type: 'image', image: join(folder, 'one.png') };
    expect(prompts[1]?.messages[0]?.content).toContainEqual(picture);
  });

  it('reads chat messages, named by their last turn', async () => {
    const messages = [
      { role: 'user', content: 'A?' },
      { role: 'assistant', content: 'B.' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'one.png' } },
          { type: 'text', text: 'C?' },
        ],
      },
    ];
    const [prompt] = await read(JSON.stringify({ messages }));
    expect(prompt).toMatchObject({ name: 'C?', images: 1 });
    expect(prompt?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  it.each([
    ['{"prompt": "Hi"', 'line 1: it is not valid JSON'],
    ['{"prompt": "Hi"}\n{"text": "Hi"}', 'line 2: it must hold "prompt"'],
    ['{"prompt": "Hi", "image": "one.png"}', 'line 1: it must hold "prompt"'],
    ['{"prompt": " "}', 'line 1: The prompt is empty'],
    ['{"messages": [{"role": "robot", "content": "Hi"}]}', 'line 1: messages[0].role must be'],
    ['', 'there is no prompt in it'],
  ])('refuses %j and says where', async (text, problem) => {
    const refused = read(text);
    await expect(refused).rejects.toThrow(PromptError);
    await expect(refused).rejects.toThrow(problem);
  });

  it('refuses a picture that is not there before anything runs', async () => {
    const refused = read('{"prompt": "Hi", "images": ["two.png"]}');
    await expect(refused).rejects.toThrow(ImageError);
    await expect(refused).rejects.toThrow('two.png');
  });

  it('names every picture that is not there', async () => {
    const refused = read('{"prompt": "Hi", "images": ["a.png", "b.png"]}').catch((error) => error);
    const { errors } = await refused;
    expect(errors.map(({ message }: Error) => message)).toEqual([
      expect.stringMatching(/^Picture a\.png: .* line 1\)\. Use option imageRoot/),
      expect.stringMatching(/^Picture b\.png: /),
    ]);
  });
});

describe('sets that others published', () => {
  it('are told by their tasks: MT-Bench, by the first of its turns', async () => {
    const line = { question_id: 81, category: 'writing', turns: ['A?', 'B?'], reference: [] };
    const [prompt] = await read(JSON.stringify(line));
    expect(prompt).toMatchObject({ name: 'A?', images: 0, task: 'writing' });
    expect(prompt?.messages).toHaveLength(1);
  });

  it('LLaVA-Bench, with its picture', async () => {
    const line = { question_id: 0, image: 'one.png', text: 'What?', category: 'detail' };
    const [prompt] = await read(JSON.stringify(line));
    expect(prompt).toMatchObject({ name: 'What?', images: 1, task: 'detail' });
  });

  it('own lines with a task, and LLaVA conversations with one, in one file', async () => {
    const lines = [
      { prompt: 'Hi?', task: 'greeting' },
      { messages: [{ role: 'user', content: 'You?' }], task: 'chat' },
      {
        conversations: [{ from: 'human', value: '<image>\nWhat?' }],
        image: 'one.png',
        task: 'vqa',
      },
      { prompt: 'Nothing' },
    ];
    const prompts = await read(lines.map((line) => JSON.stringify(line)).join('\n'));
    expect(prompts.map(({ task }) => task)).toEqual(['greeting', 'chat', 'vqa', undefined]);
    expect(await read(JSON.stringify(lines))).toEqual(prompts);
  });
});

describe('LLaVA conversations', () => {
  it('asks the first human turn about its picture, from the images folder', async () => {
    const prompts = await readPrompts(join(validation, 'val_visual.json'));
    expect(prompts.length).toBeGreaterThan(100);
    expect(prompts[0]).toEqual({
      name: 'List the shapes.',
      images: 1,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', image: join(validation, 'images', 'w00000.png') },
            { type: 'text', text: 'List the shapes.' },
          ],
        },
      ],
    });
  });

  it('reads records without a picture', async () => {
    const [prompt] = await readPrompts(join(validation, 'val_text.json'));
    expect(prompt).toMatchObject({ name: 'Write a rule about stars.', images: 0 });
  });

  it('names the record that it can not read', async () => {
    const list = [{ conversations: [{ from: 'human', value: 'Hi' }] }, { id: 'x' }];
    await expect(read(JSON.stringify(list))).rejects.toThrow('record 2');
  });
});

it('names a file that is not there', async () => {
  await expect(readPrompts(join(folder, 'none.jsonl'))).rejects.toThrow(CheckpointError);
});
