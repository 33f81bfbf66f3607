/** The `type` of a part of tokenizer.json, for messages about parts that can't be read. */
export function componentType(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'object' && 'type' in value ? String(value.type) : 'unreadable';
}
