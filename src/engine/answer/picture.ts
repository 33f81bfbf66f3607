import type { PictureLayout, RgbImage } from '../../contracts/image.ts';
import type { Reading } from '../../contracts/reading.ts';
import type { SeenPicture } from '../../contracts/rows.ts';

/** A picture as the target reads it. */
export interface Picture {
  /** Digest of the pixels: equal pictures have equal embeddings. */
  readonly digest: string;
  readonly embeddings: SeenPicture; // [image tokens of its layout, H]
}

/** A picture whose size is known: decoded, but not yet seen, or seen lately. */
export type OpenPicture = {
  readonly digest: string;
  readonly layout: PictureLayout;
} & ({ readonly image: RgbImage } | { readonly embeddings: SeenPicture });

/** Embeddings of pictures seen lately, so that a picture that stays in the conversation is decoded and seen once. */
export interface PictureCache {
  get(digest: string): SeenPicture | undefined;
  /** @param file digest of a file's bytes */
  ofFile(file: string): OpenPicture | undefined;
  /** Puts down what a file was decoded to. */
  rememberFile(file: string, picture: Pick<OpenPicture, 'digest' | 'layout'>): void;
  /** What a file was read as. */
  readingOf(file: string): Reading | undefined;
  rememberReading(file: string, reading: Reading): void;
  /** Puts a picture last in line to be forgotten. */
  remember(digest: string, embeddings: SeenPicture): void;
}

/** @param most pictures that are remembered */
export function createPictureCache(most: number): PictureCache {
  const known = new Map<string, SeenPicture>();
  const files = new Map<string, Pick<OpenPicture, 'digest' | 'layout'>>();
  const readings = new Map<string, Reading>();
  return {
    get: (digest) => known.get(digest),
    ofFile(file) {
      const picture = files.get(file);
      const embeddings = picture && known.get(picture.digest);
      return embeddings && { ...picture, embeddings };
    },
    rememberFile: (file, { digest, layout }) => putLast(files, file, { digest, layout }, most),
    readingOf: (file) => readings.get(file),
    rememberReading: (file, reading) => putLast(readings, file, reading, most),
    remember: (digest, embeddings) => putLast(known, digest, embeddings, most),
  };
}

/** The first in line goes where there are more than `most`. */
function putLast<T>(line: Map<string, T>, key: string, value: T, most: number): void {
  line.delete(key);
  line.set(key, value);
  const [oldest] = line.keys();
  if (line.size > most && oldest !== undefined) line.delete(oldest);
}
