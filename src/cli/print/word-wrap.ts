import stringWidth from 'string-width';

/** A piece of text that is marked, or not. */
export interface Piece {
  readonly text: string;
  readonly drafted: boolean;
}

/** Breaks lines between words, where a terminal would break within them. */
export interface WordWrap {
  /** What can be shown after this piece: all but the word that may go on in the next. */
  push(piece: Piece): Piece[];
  /** The rest. */
  flush(): Piece[];
  /** What is shown of the line that is being written. */
  line(): readonly Piece[];
}

/** @param columns of the terminal now; it may be resized */
export function createWordWrap(columns: () => number): WordWrap {
  let column = 0;
  let gap: Piece[] = [];
  let word: Piece[] = [];
  let line: Piece[] = [];
  const flush = (): Piece[] => {
    const [before, width] = [widthOf(gap), widthOf(word)];
    const isNext = column > 0 && width > 0 && column + before + width > columns();
    const out = [...(isNext ? [{ text: '\n', drafted: false }] : gap), ...word];
    column = isNext ? width : column + before + width;
    line = isNext ? word : [...line, ...gap, ...word];
    [gap, word] = [[], []];
    return out;
  };
  const add = (text: string, drafted: boolean): Piece[] => {
    if (text === '\n') {
      const out = [...flush(), { text, drafted }];
      column = 0;
      line = [];
      return out;
    }
    if (text.trim() === '') {
      const out = word.length > 0 ? flush() : [];
      gap.push({ text, drafted });
      return out;
    }
    // Scripts that are written without spaces break before every character.
    const isWide = stringWidth(text) > [...text].length;
    const out = isWide && word.length > 0 ? flush() : [];
    word.push({ text, drafted });
    return isWide ? [...out, ...flush()] : out;
  };
  return {
    push({ text, drafted }) {
      const parts = text.match(/\n|[^\S\n]+|[^\s\u{1100}-\u{10ffff}]+|\S/gu) ?? [];
      return parts.flatMap((part) => add(part, drafted));
    },
    flush,
    line: () => line,
  };
}

const widthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { text }) => sum + stringWidth(text), 0);
