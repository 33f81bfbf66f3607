import { expect, it } from 'vitest';
import { embeddedPrompts } from './embedded-prompts.ts';

it('has as many prompts with a picture as without', async () => {
  const images = (await embeddedPrompts()).map((prompt) => prompt.images);
  expect(images.toSorted()).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
});
