const MAX_LENGTH = 200;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value from a file as it may stand in a message: as JSON, in visible characters, and cut where it is long. */
export function printable(value: unknown): string {
  const text = JSON.stringify(value) ?? 'missing';
  const cut = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  return cut.replace(UNSEEN, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`);
}
