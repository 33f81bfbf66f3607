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
export type PictureCache = Map<string, Rows>;
