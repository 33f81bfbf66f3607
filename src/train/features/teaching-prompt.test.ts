import { expect, it } from 'vitest';
import type { DecodeSettings, RgbImage } from '../../contracts/image.ts';
import { repositoryPath } from '../../input/node/testing/read-goldens.ts';
import { type TeachingModel, withPictures } from './teaching-prompt.ts';

const IMAGE: RgbImage = { width: 1, height: 1, data: new Uint8Array(3) };

it('shows transparent pictures on the ground that answers see them on', async () => {
  const grounds: (DecodeSettings['ground'] | undefined)[] = [];
  const model = {
    pictures: { ground: 'white', layout: () => ({ ids: [7] }), feeds: () => ({}) },
    embed: async () => ({ data: new Float32Array(1), count: 1, width: 1 }),
  } as unknown as TeachingModel;
  const dialogue = {
    place: { file: 'f', index: 0 },
    ids: Int32Array.of(1, 7),
    reply: Uint8Array.of(0, 1),
    images: [repositoryPath('fixtures/tiny/images/alpha.png')],
    spans: [{ start: 1, length: 1, picture: 0, row: 0 }],
  };
  const decode = async (_: unknown, settings?: DecodeSettings) => {
    grounds.push(settings?.ground);
    return IMAGE;
  };
  await withPictures(model, decode, dialogue, ['digest']);
  expect(grounds).toEqual(['white']);
});
