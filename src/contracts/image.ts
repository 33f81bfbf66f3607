import type { Tensor } from './session.ts';

/** A picture as the image processors read it: 8-bit RGB, rows from the top. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array; // [height, width, 3]
}

/** Where a picture comes from: a file path, a `data:` URI, or the bytes of a picture file. */
export type ImageSource = string | Uint8Array;

/** Bounds checked before a picture is decoded. */
export interface ImageLimits {
  /** Most bytes of the file. Default 64 MiB. */
  readonly maxBytes: number;
  /** Most pixels, width × height. Default 178,956,970, as Pillow has it. */
  readonly maxPixels: number;
}

/** Turns a source into pixels; the host provides it (files and codecs differ between Node and browsers). */
export type DecodeImage = (source: ImageSource) => Promise<RgbImage>;

/** How 8-bit values become pixel values, and how pictures are resized. */
export interface PixelSettings {
  /** PIL filter: 3 bicubic, 1 Lanczos. */
  readonly resample: 'bicubic' | 'lanczos';
  /** Factor from 8-bit values, 1/255 as published; absent when `do_rescale` is false. */
  readonly rescale?: number;
  readonly mean: readonly number[]; // [3]
  readonly std: readonly number[]; // [3]
}

/** What stands in the prompt for a picture. */
export interface PictureLayout {
  /** Ids that its placeholder becomes; the image token's stand where its embeddings go, in order. */
  readonly ids: readonly number[];
  /** Rows and columns of the embeddings, where the model turns them by both (M-RoPE). */
  readonly grid?: { readonly height: number; readonly width: number };
}

/** How a model reads pictures. */
export interface PictureReader {
  /** What a picture of this size becomes in the prompt. */
  readonly layout: (size: Pick<RgbImage, 'width' | 'height'>) => PictureLayout;
  /** Feeds of the vision graph, whose `embeddings` are as many as the layout has image tokens. */
  readonly feeds: (image: RgbImage) => Readonly<Record<string, Tensor>>;
}
