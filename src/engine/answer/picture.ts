import type { PictureLayout, RgbImage } from '../../contracts/image.ts';
import type { Rows } from '../../contracts/rows.ts';

/** A picture as the target reads it. */
export interface Picture {
  /** Digest of the pixels: equal pictures have equal embeddings. */
  readonly digest: string;
  readonly embeddings: Rows; // [image tokens of its layout, H]
}

/** A picture that was decoded, but not yet seen. */
export interface OpenPicture {
  readonly image: RgbImage;
  readonly digest: string;
  readonly layout: PictureLayout;
}

/** Embeddings of pictures seen lately, so that a picture that stays in the conversation is seen once. */
export interface PictureCache {
  get(digest: string): Rows | undefined;
  /** Puts a picture last in line to be forgotten. */
  remember(digest: string, embeddings: Rows): void;
}

/** @param most pictures that are remembered */
export function createPictureCache(most: number): PictureCache {
  const known = new Map<string, Rows>();
  return {
    get: (digest) => known.get(digest),
    remember(digest, embeddings) {
      known.delete(digest);
      known.set(digest, embeddings);
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
    },
  };
}
