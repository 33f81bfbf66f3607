import type { Patch, Piece, Sheet } from '../pages/page.ts';

/** What a document is written in unless a piece says otherwise. */
export interface Hand {
  readonly width: number;
  readonly ground: string;
  readonly ink: string;
  readonly font: string;
  readonly size: number;
  /** From both edges. */
  readonly margin: number;
}

type Words = Partial<Omit<Piece, 'text' | 'y'>>;

/** A sheet that is written from the top down. */
export interface SheetWriter {
  /** The baseline that is written on next. */
  readonly y: number;
  readonly left: number;
  readonly right: number;
  readonly middle: number;
  /** Words on this line. */
  readonly at: (x: number, text: string, words?: Words) => void;
  /** To the next line, or so many of them. */
  readonly down: (lines?: number) => void;
  /** Words in the middle of a line of their own. */
  readonly centre: (text: string, words?: Words) => void;
  /** A line of its own with words on the left and on the right. */
  readonly pair: (left: string, right: string, words?: Words) => void;
  /** A line across, above what is written next. */
  readonly rule: (colour?: string) => void;
  readonly patch: (patch: Patch) => void;
  /** A bar code as wide as the sheet allows, up to `most`. */
  readonly bars: (code: string, most?: number) => void;
  readonly done: (more?: Partial<Pick<Sheet, 'turn' | 'jpeg'>>) => Sheet;
}

const BAR_HEIGHT = 44;

export function writeSheet({ width, ground, ink, font, size, margin }: Hand): SheetWriter {
  const rows: Piece[][] = [[]];
  const patches: Patch[] = [];
  const step = size * 1.7;
  let y = margin + size;
  const at: SheetWriter['at'] = (x, text, words) => {
    rows.at(-1)?.push({ x, y, text, size, font, colour: ink, ...words });
  };
  const down = (lines = 1) => {
    y += lines * step;
    rows.push([]);
  };
  const [left, right, middle] = [margin, width - margin, width / 2];
  return {
    get y() {
      return y;
    },
    ...{ left, right, middle, at, down },
    centre(text, words) {
      at(middle, text, { anchor: 'middle', ...words });
      down(Math.max(1, (words?.size ?? size) / size));
    },
    pair(one, other, words) {
      at(left, one, words);
      at(right, other, { ...words, anchor: 'end' });
      down();
    },
    rule(colour = ink) {
      patches.push({ x: left, y: y - size * 0.7, width: right - left, height: 1.5, colour });
      down(0.6);
    },
    patch: (patch) => void patches.push(patch),
    bars(code, most = 240) {
      const total = Math.min(most, right - left);
      const widths = [...code].flatMap((sign) => {
        const bits = sign.charCodeAt(0);
        return [1 + (bits & 1), 1 + ((bits >> 1) & 1), 1 + ((bits >> 2) & 1), 2];
      });
      const unit = total / widths.reduce((sum, one) => sum + one, 0);
      let x = middle - total / 2;
      for (const [index, one] of widths.entries()) {
        const bar = { x, y: y - size * 0.5, width: one * unit, height: BAR_HEIGHT, colour: ink };
        if (index % 2 === 0) patches.push(bar);
        x += one * unit;
      }
      y += BAR_HEIGHT + size * 0.8;
      rows.push([]);
    },
    done: (more) => ({
      ...{ width, height: Math.ceil(y + margin - size), ground, patches },
      rows: rows.filter((row) => row.length > 0),
      ...{ turn: 0, noise: 0, ...more },
    }),
  };
}
