import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { ImageError } from '../../contracts/errors.ts';
import { createImageDecoder } from './decode-image.ts';
import { pictureSize } from './picture-size.ts';
import { readPicture } from './read-picture.ts';
import { repositoryPath } from './testing/read-goldens.ts';

const FOLDERS = ['fixtures/families/images', 'fixtures/tiny/images', 'fixtures/pictures'];
const pictures = FOLDERS.map(repositoryPath).flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(png|jpe?g|webp|gif)$/.test(name))
    .map((name) => join(folder, name)),
);
const decode = createImageDecoder();

describe('the size of a picture', () => {
  it('is that of the decoded one, turned upright or animated', async () => {
    expect(pictures.length).toBeGreaterThan(10);
    for (const path of pictures) {
      const decoded = await readPicture(path)
        .then(decode)
        .catch(() => undefined);
      if (decoded === undefined) continue; // fixtures hold damaged ones too
      const { width, height } = decoded;
      expect(await pictureSize(path), path).toEqual({ width, height });
    }
  });

  it('of what is no picture is refused by its name', async () => {
    const path = join(tempFolder(), 'note.png');
    writeFileSync(path, 'not a picture');
    await expect(pictureSize(path)).rejects.toThrow(ImageError);
    await expect(pictureSize(path)).rejects.toThrow(/note\.png/);
  });
});
