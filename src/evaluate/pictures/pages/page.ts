/** Pages with known text: what is written where, before it is drawn. */

/** Words at a place; `x` and the baseline `y` in pixels. */
export interface Piece {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly font: string;
  readonly bold?: boolean;
  readonly colour: string;
  /** Where `x` is. Default: at the start. */
  readonly anchor?: 'start' | 'end' | 'middle';
}

/** A rectangle without words. */
export interface Patch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
  readonly round?: number;
  /** Only its edge is drawn. */
  readonly hollow?: boolean;
}

/** What a page looks like. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly ground: string;
  readonly patches: readonly Patch[];
  /** From the top, each from the left. */
  readonly rows: readonly (readonly Piece[])[];
  /** Degrees, clockwise. */
  readonly turn: number;
  /** Spread of the noise that is added to each value of 255, and the quality of a JPEG file in between. */
  readonly noise: number;
  readonly jpeg?: number;
}

export interface Page extends Sheet {
  readonly name: string;
  readonly kind: Kind;
}

export const KINDS = ['clean', 'sizes', 'turned', 'noisy', 'faint', 'screen', 'receipt'] as const;
export type Kind = (typeof KINDS)[number];

/** What a perfect reader says: a row a line. */
export const truthOf = ({ rows }: Pick<Page, 'rows'>): string =>
  rows.map((row) => row.map(({ text }) => text).join(' ')).join('\n');
