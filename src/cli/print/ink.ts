import { styleText } from 'node:util';

/** Colours text, or leaves it as it is. */
export type Ink = (style: Parameters<typeof styleText>[0], text: string) => string;

/** A stream to write on, as far as colours go. */
export type Paper = NodeJS.WritableStream &
  Pick<NodeJS.WriteStream, 'isTTY' | 'hasColors'> & { readonly columns?: number };

/** Whether the stream is a terminal with colours, and nobody asked for none (NO_COLOR). */
export function hasColours(stream: Paper): boolean {
  return stream.isTTY && stream.hasColors();
}

export function inkFor(stream: Paper): Ink {
  const colours = hasColours(stream);
  return (style, text) => (colours ? styleText(style, text) : text);
}
