import { afterAll, beforeAll, expect, it } from 'vitest';
import { load, type MsdModel } from '../load.ts';
import { embeddedPrompts } from './embedded-prompts.ts';

let model: MsdModel;
beforeAll(async () => {
  model = await load({ thread: false });
});
afterAll(() => model.dispose());

/** What is in the drawn pictures, by the question that is asked about them. */
const seen = [
  ['Describe the picture.', 'large red circle at the top left', 'small blue star'],
  ['List the shapes.', 'bar (green, small, top left)', 'diamond (orange, large, top right)'],
  ['What is in this image?', 'large pink cross at the bottom right'],
  ['How many shapes are there?', 'two shapes', 'large green ring', 'small red square'],
  ['Is there a triangle?', 'no triangle', 'large black star', 'large orange bar'],
] as const;

it.each(seen)('the embedded model sees what was drawn: %s', async (name, ...facts) => {
  const prompt = (await embeddedPrompts()).find((one) => one.name === name);
  let text = '';
  for await (const event of model.generate({ messages: prompt?.messages ?? [] })) {
    if (event.type === 'done') text = event.result.text;
  }
  for (const fact of facts) expect(text).toContain(fact);
});

it('has prompts with pictures and without', async () => {
  const images = (await embeddedPrompts()).map((prompt) => prompt.images);
  expect(new Set(images)).toEqual(new Set([0, 1]));
});
