import type { RgbImage } from './image.ts';
import type { Session } from './session.ts';

/** A place in a picture, in pixels from its top left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The corners of a line of text as it is read: top left, top right, bottom right, bottom left. */
export type Box = readonly [Point, Point, Point, Point];

/** A line of text, or the part of one that stands apart from the rest. */
export interface TextLine {
  readonly text: string;
  /** How sure the recogniser is of its characters, on average: 0 to 1. */
  readonly confidence: number;
  readonly box: Box;
}

/** A name that a chart shows, and its number as it is printed. */
export interface ChartValue {
  readonly name: string;
  readonly number: string;
}

/** What a chart shows. */
export interface ChartReading {
  readonly values: readonly ChartValue[];
  /** Which of them is the most, and which the least; null where no one alone is. */
  readonly most: number | null;
  readonly least: number | null;
}

/** What a picture says. */
export interface Reading {
  /** In reading order. */
  readonly lines: readonly TextLine[];
  /** The words, a row of the picture a line. */
  readonly text: string;
  /** Where the picture is a chart whose numbers can be told to its names. */
  readonly chart?: ChartReading;
  /** Lines that were found beyond the most that are read. */
  readonly leftOut: number;
}

/** What a picture of a request says. */
export interface PictureReading extends Reading {
  /** What errors call the picture: its path, or a short name for bytes and data URIs. */
  readonly picture: string;
}

/** The two networks of the reader. */
export interface ReaderNetworks {
  /** `x` float32 [1, 3, H, W], sides multiples of 32 → `fetch_name_0` [1, 1, H, W]: how likely each pixel is text */
  readonly detector: Session;
  /** `x` float32 [1, 3, 48, W] → `fetch_name_0` [1, columns, classes]: probabilities, the first class a blank */
  readonly recogniser: Session;
  /** What each class but the blank writes. */
  readonly characters: readonly string[]; // [classes - 1]
}

/** Reads the text of pictures. */
export interface TextReader {
  readonly read: (image: RgbImage) => Promise<Reading>;
  readonly dispose: () => Promise<void>;
}
