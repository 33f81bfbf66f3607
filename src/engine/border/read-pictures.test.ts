import { expect, it } from 'vitest';
import { ImageError } from '../../contracts/errors.ts';
import { pictureInMemory } from '../../input/picture-in-memory.ts';
import { resolveOptions } from '../answer/resolve-options.ts';
import { readPictures } from './read-pictures.ts';

const bytes = Uint8Array.of(1, 2, 3);
const asked = (...images: (string | Uint8Array | Blob)[]) =>
  resolveOptions({ prompt: 'a', images });

it('makes every picture bytes, in order, and leaves the rest as it was', async () => {
  const request = await readPictures(asked(bytes, new Blob([bytes, bytes])), pictureInMemory);
  expect(request).toEqual({
    ...asked(bytes, bytes),
    images: [
      { name: 'in memory (3 bytes)', bytes },
      { name: 'in memory (6 bytes)', bytes: Uint8Array.of(1, 2, 3, 1, 2, 3) },
    ],
  });
});

it('refuses paths where there are no files', async () => {
  await expect(readPictures(asked('a.png'), pictureInMemory)).rejects.toBeInstanceOf(ImageError);
});

it('reads nothing more of a cancelled request', async () => {
  const { images } = await readPictures(asked('a.png'), pictureInMemory, AbortSignal.abort());
  expect(images).toEqual([{ name: 'unread', bytes: new Uint8Array() }]);
});
