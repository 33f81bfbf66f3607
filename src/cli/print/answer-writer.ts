import type { RunInfo } from '../../contracts/generate.ts';
import { hasColours, type Ink, inkFor, type Paper } from './ink.ts';
import { createWordWrap, type Piece } from './word-wrap.ts';

/** A text as drafted tokens look. */
const asDrafted = (ink: Ink, text: string): string => ink(['green', 'underline'], text);

/** Writes an answer piece by piece. */
export interface AnswerWriter {
  write(text: string, drafted: boolean): void;
  /** Writes what is held back at the end of an answer. */
  end(): void;
  /** Writes the begun line once more, for a screen where something else came behind it. */
  again(): void;
}

/**
 * On a terminal lines break between words, and drafted pieces are marked if there are colours; a pipe gets the pieces
 * exactly as they are.
 */
export function answerWriter(stream: Paper): AnswerWriter {
  if (!stream.isTTY) return { write: (text) => void stream.write(text), end() {}, again() {} };
  const ink = inkFor(stream);
  const begin = () => createWordWrap(() => stream.columns ?? Number.POSITIVE_INFINITY);
  let wrap = begin();
  const show = (pieces: readonly Piece[]) => {
    for (const { text, drafted } of pieces) {
      stream.write(drafted && hasColours(stream) ? asDrafted(ink, text) : text);
    }
  };
  return {
    write: (text, drafted) => show(wrap.push({ text: visible(text), drafted })),
    end() {
      show(wrap.flush());
      wrap = begin();
    },
    again: () => show(wrap.line()),
  };
}

/** Control characters would reach into the terminal; line ends and tabs may. */
function visible(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '\u{fffd}');
}

/** How drafted tokens are told from the target's own on `stdout`; null where they are not marked. */
export function legendFor(
  { drafts }: Pick<RunInfo, 'drafts'>,
  stdout: Paper,
  stderr: Paper,
): string | null {
  if (!drafts || !hasColours(stdout)) return null;
  return `${asDrafted(inkFor(stderr), 'green and underlined')} tokens were drafted, the others are the target's own`;
}
