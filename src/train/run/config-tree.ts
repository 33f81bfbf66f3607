/** A config before it is checked: groups of keys by dotted names. Nothing is changed in place. */
export type Group = Readonly<Record<string, unknown>>;

export function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a dotted key; undefined if nothing does. */
export function valueAt(tree: unknown, key: string): unknown {
  let value = tree;
  for (const part of key.split('.')) {
    value = isGroup(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

/** The tree with another value at a dotted key; groups on the way are made, and take the place of what is none. */
export function withValue(tree: Group, key: string, value: unknown): Group {
  const [first = '', ...rest] = key.split('.');
  if (rest.length === 0) return { ...tree, [first]: value };
  const inner = valueAt(tree, first);
  return { ...tree, [first]: withValue(isGroup(inner) ? inner : {}, rest.join('.'), value) };
}
