/** What a line typed into a chat asks for. */
export type ChatLine =
  | { readonly type: 'message'; readonly text: string }
  | { readonly type: 'image'; readonly file: string }
  | { readonly type: 'reset' | 'exit' | 'help' | 'nothing' }
  | { readonly type: 'unknown'; readonly name: string };

/** Reads a line. A line that begins with a space is a message whatever it says. */
export function parseChatLine(line: string): ChatLine {
  if (line.trim() === '') return { type: 'nothing' };
  const [, name, rest = ''] = line.match(/^\/(\S*)\s*(.*?)\s*$/s) ?? [];
  if (name === undefined) return { type: 'message', text: line.trim() };
  if (name === 'image') return { type: 'image', file: unquoted(rest) };
  if (name === 'reset' || name === 'exit' || name === 'help') return { type: name };
  return { type: 'unknown', name: `/${name}` };
}

/** Terminals put quotes around a file that is dropped on them. */
function unquoted(text: string): string {
  return text.match(/^(["'])(.*)\1$/s)?.[2] ?? text;
}
