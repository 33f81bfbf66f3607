/** A call of the program that can be pasted into a shell: quotes stand around what it would take apart. */
export function shellCommand(args: readonly string[]): string {
  return ['msd', ...args.map(quoted)].join(' ');
}

const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
