const COMMANDS = ['image', 'retry', 'system', 'save', 'reset', 'help', 'exit'] as const;
type Command = (typeof COMMANDS)[number];

/** As they are typed, up to what stands behind them. */
export const CHAT_COMMANDS_TYPED: readonly string[] = COMMANDS.map((name) =>
  ['image', 'system', 'save'].includes(name) ? `/${name} ` : `/${name}`,
);

/** What a line typed into a chat asks for. */
export type ChatLine =
  | { readonly type: 'message'; readonly text: string }
  /** What stands behind the command, as typed. */
  | { readonly type: Command; readonly rest: string }
  | { readonly type: 'nothing' }
  | { readonly type: 'unknown'; readonly name: string };

/** Reads a line. One that begins with a space, or was pasted of several, is a message whatever it says. */
export function parseChatLine(line: string): ChatLine {
  if (line.trim() === '') return { type: 'nothing' };
  if (line.trim().includes('\n')) return { type: 'message', text: line.trim() };
  const [, name, rest = ''] = line.match(/^\/(\S*)\s*(.*?)\s*$/s) ?? [];
  if (name === undefined) return { type: 'message', text: line.trim() };
  const type = COMMANDS.find((one) => one === name);
  return type === undefined ? { type: 'unknown', name: `/${name}` } : { type, rest };
}
