import { availableParallelism } from 'node:os';
import type { ImageSource } from './contracts/image.ts';
import type { PictureReading } from './contracts/reading.ts';
import { readPicture } from './input/node/read-picture.ts';

/**
 * Reads the text of pictures, without a model. Work happens in the caller's thread; the networks are opened once a call, so
 * give all pictures at once.
 * @returns one reading a picture, in order
 * @throws ImageError, PackageFileError
 */
export async function readText(pictures: readonly ImageSource[]): Promise<PictureReading[]> {
  // Native packages are loaded only where something is read.
  const { openReader } = await import('./engine/node/open-reader.ts');
  const { createImageDecoder } = await import('./input/node/decode-image.ts');
  const files = [];
  for (const picture of pictures) files.push(await readPicture(picture));
  const decode = createImageDecoder();
  const reader = await openReader({ threads: availableParallelism() });
  try {
    const readings: PictureReading[] = [];
    for (const file of files) {
      const reading = await reader.read(await decode(file, { ground: 'white' }));
      readings.push({ ...reading, picture: file.name });
    }
    return readings;
  } finally {
    await reader.dispose();
  }
}
