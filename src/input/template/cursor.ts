import { TemplateFailure } from './failure.ts';
import type { Token } from './read-token.ts';

/** A place among tokens that moves on. */
export interface Cursor {
  readonly current: Token;
  readonly following: Token;
  next(): Token;
  /** Whether the current token is that operator or word. */
  sees(kind: 'operator' | 'name', ...texts: readonly string[]): boolean;
  /** Moves on where it is. */
  takes(kind: 'operator' | 'name', text: string): boolean;
  expect(kind: Token['kind'], text?: string): Token;
  fail(problem: string): never;
}

export function createCursor(tokens: readonly Token[]): Cursor {
  let at = 0;
  const token = (place: number) => tokens[Math.min(place, tokens.length - 1)] as Token;
  const described = ({ kind, text }: Token) => {
    if (kind === 'end') return 'the end of the template';
    return kind === 'tagEnd' || kind === 'printEnd' ? 'the end of the tag' : `"${text}"`;
  };
  const cursor: Cursor = {
    get current() {
      return token(at);
    },
    get following() {
      return token(at + 1);
    },
    next: () => token(at++),
    sees: (kind, ...texts) => token(at).kind === kind && texts.includes(token(at).text),
    takes(kind, text) {
      const there = cursor.sees(kind, text);
      if (there) at++;
      return there;
    },
    expect(kind, text) {
      const found = token(at);
      if (found.kind !== kind || (text !== undefined && found.text !== text)) {
        return cursor.fail(
          `expected ${text === undefined ? `a ${kind}` : `"${text}"`}, got ${described(found)}`,
        );
      }
      return cursor.next();
    },
    fail(problem) {
      throw new TemplateFailure(problem, token(at).line);
    },
  };
  return cursor;
}
