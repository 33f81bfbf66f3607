import type { Tensor } from './session.ts';

/** A picture as the image processors read it: 8-bit RGB, rows from the top. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array; // [height, width, 3]
}

/**
 * Where a picture comes from: the bytes of a picture file, or, on Node, a path, a `file:` URL or a `data:` URI, as text or
 * as a `URL`. Paths are the caller's: they are read before a request goes to its engine.
 */
export type ImageSource = string | URL | Uint8Array | ArrayBuffer | Blob;

/** A picture as it travels to the engine. */
export interface PictureFile {
  /** What errors call it: its path, or a short name for bytes and data URIs. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a source, with every limit checked before its bytes are.
 * @throws ImageError, and nothing else
 */
export type ReadPicture = (source: ImageSource) => Promise<PictureFile>;

/** How a file becomes pixels. */
export interface DecodeSettings {
  /** What shines through where a picture is transparent. Default: its own hidden colours, as Hugging Face reads them. */
  readonly ground?: 'white';
}

/** Turns a file into pixels; the host provides it, as codecs differ between Node and browsers. */
export type DecodeImage = (file: PictureFile, settings?: DecodeSettings) => Promise<RgbImage>;

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
export interface PictureReader extends DecodeSettings {
  /** What a picture of this size becomes in the prompt. */
  readonly layout: (size: Pick<RgbImage, 'width' | 'height'>) => PictureLayout;
  /** Feeds of the vision graph, whose `embeddings` are as many as the layout has image tokens. */
  readonly feeds: (image: RgbImage) => Readonly<Record<string, Tensor>>;
  /** What numbers of the vision graph's output `named` name, in tokens. Absent where the model has no names for what it sees. */
  readonly named?: (numbers: Int32Array) => readonly Int32Array[];
}
