const QUOTES = '"""';

/**
 * The next line, or the lines that make one message: those that end in a backslash go on in the next, and all between
 * `"""` and `"""` belong together. Null at the end.
 */
export async function nextMessage(
  nextLine: (isMore: boolean) => Promise<string | null>,
): Promise<string | null> {
  const first = await nextLine(false);
  if (first === null) return null;
  if (first.trimStart().startsWith(QUOTES)) {
    return quoted(first.trimStart().slice(QUOTES.length), nextLine);
  }
  const lines: string[] = [];
  let line: string | null = first;
  while (line !== null && /(?<!\\)\\$/.test(line)) {
    lines.push(line.slice(0, -1));
    line = await nextLine(true);
  }
  return [...lines, ...(line === null ? [] : [line])].join('\n');
}

/** A block is a message whatever it says: a space in front keeps it from being read as a command. */
async function quoted(
  begun: string,
  nextLine: (isMore: boolean) => Promise<string | null>,
): Promise<string> {
  const lines: string[] = [];
  let line: string | null = begun;
  while (line !== null && !line.trimEnd().endsWith(QUOTES)) {
    lines.push(line);
    line = await nextLine(true);
  }
  const last = line === null ? [] : [line.trimEnd().slice(0, -QUOTES.length)];
  return ` ${[...lines, ...last].join('\n').trim()}`;
}
