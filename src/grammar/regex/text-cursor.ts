/** A place in a text that moves on, by characters. */
export interface TextCursor {
  readonly done: boolean;
  /** The character that comes next, or so many behind it; empty at the end. */
  peek(behind?: number): string;
  next(): string;
  /** Goes past a character if that comes next. */
  take(character: string): boolean;
  /** Goes past what a pattern that is bound to the beginning finds. */
  takeMatch(pattern: RegExp): RegExpExecArray | null;
}

export function createTextCursor(text: string): TextCursor {
  let rest = [...text];
  return {
    get done() {
      return rest.length === 0;
    },
    peek: (behind = 0) => rest[behind] ?? '',
    next: () => rest.shift() ?? '',
    take(character) {
      if (rest[0] !== character) return false;
      rest.shift();
      return true;
    },
    takeMatch(pattern) {
      const found = pattern.exec(rest.join(''));
      if (found !== null) rest = rest.slice([...found[0]].length);
      return found;
    },
  };
}
