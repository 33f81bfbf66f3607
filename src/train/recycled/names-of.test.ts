import { expect, it } from 'vitest';
import type { PictureReader, RgbImage } from '../../contracts/image.ts';
import type { NormalMessage } from '../../input/messages.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { namesOf } from './names-of.ts';

const IMAGE: RgbImage = { width: 1, height: 1, data: new Uint8Array(3) };
const [CAT, TABBY] = [Int32Array.of(1, 2), Int32Array.of(3)];
const reader: PictureReader = { layout: () => ({ ids: [] }), feeds: () => ({}), named: () => [] };
const embed = async () => ({ data: new Float32Array(0), count: 0, width: 1, named: [CAT, TABBY] });
const said = (text: string): NormalMessage[] => [
  { role: 'user', content: [{ type: 'image' }, { type: 'text', text }] },
];
const images = [repositoryPath('fixtures/tiny/images/square.png')];
const names = (text: string, pictures: PictureReader | null) =>
  namesOf({ embed, pictures }, async () => IMAGE, { images, messages: said(text) });

it("are those of a dialogue's pictures", async () => {
  expect(await names('What is it?', reader)).toEqual([CAT, TABBY]);
});

it('are none where the words of the pictures are told', async () => {
  expect(await names('Text in the picture:\nTOTAL 5\n\nHow much?', reader)).toEqual([]);
});

it('are none of a model without names', async () => {
  const { named: _, ...nameless } = reader;
  expect(await names('What is it?', nameless)).toEqual([]);
  expect(await names('What is it?', null)).toEqual([]);
});
