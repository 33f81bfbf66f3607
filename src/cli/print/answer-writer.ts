import type { RunInfo } from '../../contracts/generate.ts';
import { hasColours, type Ink, inkFor, type Paper } from './ink.ts';

/** A text as drafted tokens look. */
const asDrafted = (ink: Ink, text: string): string => ink(['green', 'underline'], text);

/** Writes the pieces of an answer: marked where drafted if there are colours, and to a pipe exactly as they are. */
export function answerWriter(stream: Paper): (text: string, drafted: boolean) => void {
  const ink = inkFor(stream);
  return (text, drafted) => {
    const shown = stream.isTTY ? visible(text) : text;
    stream.write(drafted && hasColours(stream) ? asDrafted(ink, shown) : shown);
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
