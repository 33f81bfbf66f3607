/** How JSON is written here: on one line, a space behind commas and colons, as most models learnt it. */
export const COMMA = ', ';
export const COLON = ': ';

/** A value of JSON as a grammar would have it written. */
export function jsonText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(COMMA)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, one]) => JSON.stringify(key) + COLON + jsonText(one),
  );
  return `{${entries.join(COMMA)}}`;
}
