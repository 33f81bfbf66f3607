import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { setFields, TINY_TARGET, tempFolder } from '../../../checkpoint/testing/folders.ts';
import { originalLlavaFolder } from '../../../checkpoint/testing/original-llava-folder.ts';
import type { GenerateOptions, GenerateResult } from '../../../contracts/generate.ts';
import type { RgbImage } from '../../../contracts/image.ts';
import { openInputs } from '../../../engine/load/load-model.ts';
import { createNodeHost } from '../../../engine/node/node-host.ts';
import { decodeSource } from '../../../input/node/testing/decode-source.ts';
import { repositoryPath } from '../../../input/node/testing/read-goldens.ts';
import { load, type MsdModel } from '../../../load.ts';

const picture = (name: string) => repositoryPath(`fixtures/tiny/images/${name}.png`);

async function open(model: string): Promise<MsdModel> {
  vi.stubEnv('XDG_CACHE_HOME', tempFolder());
  const opened = await load({ model, threads: 1, thread: false });
  onTestFinished(async () => {
    await opened.dispose();
    vi.unstubAllEnvs();
  });
  return opened;
}

async function answer(model: MsdModel, options: GenerateOptions): Promise<GenerateResult> {
  for await (const event of model.generate(options)) if (event.type === 'done') return event.result;
  throw new Error('the stream ended without a result');
}

/** The tiny target was taught with a template of its own; here it writes the original's placeholder. */
function keepTemplate(model: string): void {
  const path = join(TINY_TARGET, 'chat_template.json');
  const { chat_template } = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(join(model, 'chat_template.jinja'), chat_template.replace('<image>', '<unk>'));
}

async function inputsOf(model: string) {
  const settings = { model, draft: null, device: 'cpu', threads: 1 } as const;
  return openInputs(await createNodeHost(settings), model);
}

describe('a LLaVA in the layout of its own code', () => {
  it('answers with the words of the published layout', async () => {
    const { model: folder } = await originalLlavaFolder();
    keepTemplate(folder);
    const [original, published] = [await open(folder), await open(TINY_TARGET)];
    expect(original.info.family).toBe('llava');
    const asked = [
      { prompt: 'What is the capital of France?' },
      { prompt: 'Describe the picture.', images: [picture('square')] },
      { prompt: 'How many shapes are there?', images: [picture('square')] },
    ];
    for (const one of asked) {
      const [got, wanted] = [await answer(original, one), await answer(published, one)];
      expect(got.ids.length).toBeGreaterThan(3);
      expect(got.text).toBe(wanted.text);
      expect(got.ids).toEqual(wanted.ids);
    }
  });

  it('holds the conversation of the original code where the folder has no template', async () => {
    const { model } = await originalLlavaFolder();
    const { template } = await inputsOf(model);
    const content = [{ type: 'image' }, { type: 'text', text: 'What?' }] as const;
    expect(template([{ role: 'user', content }], { addGenerationPrompt: true })).toMatch(
      /^A chat between .* USER: <unk>\nWhat\? ASSISTANT:$/,
    );
  });

  it('pads pictures to a square with the mean colour', async () => {
    const { model } = await originalLlavaFolder();
    const wide = await decodeSource(picture('wide'));
    const padded = (await inputsOf(model)).pictures?.feeds(wide);
    const published = (await inputsOf(TINY_TARGET)).pictures;
    expect(padded).toEqual(published?.feeds(onSquare(wide, [122, 116, 104])));
    expect(padded).not.toEqual(published?.feeds(wide));
    setFields(join(model, 'config.json'), { image_aspect_ratio: 'square' });
    expect((await inputsOf(model)).pictures?.feeds(wide)).toEqual(published?.feeds(wide));
  });
});

/** A wide picture in the middle of a square of one colour. */
function onSquare({ width, height, data }: RgbImage, colour: readonly number[]): RgbImage {
  const above = Math.floor((width - height) / 2) * width;
  const below = (width - height) * width - above;
  const band = (pixels: number) => Array.from({ length: pixels }, () => colour).flat();
  return {
    width,
    height: width,
    data: Uint8Array.from([...band(above), ...data, ...band(below)]),
  };
}
