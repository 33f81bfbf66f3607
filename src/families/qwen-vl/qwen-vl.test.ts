import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyOf, setFields } from '../../checkpoint/testing/folders.ts';
import { CheckpointError, ContextLengthError, ImageError } from '../../contracts/errors.ts';
import type { GenerateOptions, GenerateResult } from '../../contracts/generate.ts';
import type { ChatMessage } from '../../contracts/messages.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { load, type MsdModel } from '../../load.ts';

const folderOf = (name: string) => repositoryPath(`fixtures/families/${name}`);
const open = (model: string) => load({ model, threads: 1, thread: false });

async function resultOf(model: MsdModel, options: GenerateOptions): Promise<GenerateResult> {
  for await (const event of model.generate(options)) {
    if (event.type === 'done') return event.result;
  }
  throw new Error('an answer ends with its result');
}

const says = (role: 'user' | 'assistant', text: string, ...files: string[]): ChatMessage => ({
  role,
  content: [
    ...files.map((file) => ({
      type: 'image' as const,
      image: repositoryPath(`fixtures/families/images/${file}`),
    })),
    { type: 'text' as const, text },
  ],
});

describe.each(['qwen2-vl', 'qwen2.5-vl'])('%s', (name) => {
  let model: MsdModel;
  beforeAll(async () => {
    model = await open(folderOf(name));
  });
  afterAll(() => model?.dispose());

  it('has no fixed room for a picture', () => {
    expect(model.info).toMatchObject({ imageTokens: null });
    expect(model.info.family).toBe(name.replace('-', '_').replace('.', '_'));
  });

  it.each(['none', 'prompt-lookup'] as const)(
    'goes on behind pictures in cached rows as it does afresh, drafter %s',
    async (drafter) => {
      const tree = drafter === 'none' ? {} : { tree: { total: 8, depth: 3, topK: 2 } };
      const ask = { drafter, maxTokens: 24, ignoreEos: true, ...tree } as const;
      const messages = [says('user', 'Compare them.', 'wide.jpg', 'tall.png')];
      for (const question of ['And now?', 'Why?']) {
        const { text } = await resultOf(model, { ...ask, messages });
        messages.push(says('assistant', text), says('user', question, 'small.png'));
        const continued = await resultOf(model, { ...ask, messages });
        expect(continued.cachedTokens).toBeGreaterThan(100);
        const other = await open(folderOf(name));
        const afresh = await resultOf(other, { ...ask, messages });
        await other.dispose();
        expect(afresh.cachedTokens).toBe(0);
        expect(continued.ids).toEqual(afresh.ids);
      }
    },
  );

  it('leaves a placeholder that someone typed as text', async () => {
    const typed = await resultOf(model, { prompt: 'What is <|image_pad|>?', maxTokens: 2 });
    expect(typed.promptTokens).toBeGreaterThan(30);
  });

  it('refuses a picture too long and thin, and stays usable', async () => {
    const thin = { width: 2, height: 402, channels: 3, background: '#a0c' } as const;
    const image = new Uint8Array(await sharp({ create: thin }).png().toBuffer());
    const asked = resultOf(model, { prompt: 'Look', images: [image] });
    await expect(asked).rejects.toBeInstanceOf(ImageError);
    await expect(asked).rejects.toThrow('more than 200 times');
    const { ids } = await resultOf(model, { prompt: 'Look', maxTokens: 2, ignoreEos: true });
    expect(ids).toHaveLength(2);
  });

  it('refuses a picture that the context has no room for', async () => {
    const folder = copyOf(folderOf(name));
    setFields(join(folder, 'config.json'), { max_position_embeddings: 64 });
    const small = await open(folder);
    const asked = resultOf(small, { messages: [says('user', 'What is it?', 'wide.jpg')] });
    await expect(asked).rejects.toBeInstanceOf(ContextLengthError);
    await small.dispose();
  });

  it('refuses the image processor of another model', async () => {
    const folder = copyOf(folderOf(name));
    setFields(join(folder, 'preprocessor_config.json'), { patch_size: 14 });
    await expect(open(folder)).rejects.toBeInstanceOf(CheckpointError);
    await expect(open(folder)).rejects.toThrow('makes patches of 14 pixels');
  });
});

it('reports the repetition penalty of Qwen2.5-VL as not applied', async () => {
  const model = await open(folderOf('qwen2.5-vl'));
  expect(model.info.unapplied.join()).toContain('repetition_penalty');
  await model.dispose();
});
