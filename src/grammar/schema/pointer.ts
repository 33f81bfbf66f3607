import { SchemaError } from '../../contracts/errors.ts';
import type { Located } from './case.ts';

/** A JSON pointer one or more steps further. */
export const pointer = (path: string, ...steps: readonly (string | number)[]): string =>
  [path, ...steps.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'))].join(
    '/',
  );

/**
 * What a `$ref` stands for.
 * @param from where it stands
 * @throws SchemaError for what lies outside of the schema, or is not there
 */
export function resolveRef(root: Located, ref: unknown, from: string): Located {
  if (typeof ref !== 'string' || !/^#(\/|$)/.test(ref)) {
    throw new SchemaError(
      from,
      '$ref',
      `${JSON.stringify(ref)} leads out of the schema; copy what it names into $defs, and refer to #/$defs/…`,
    );
  }
  let { schema } = root;
  for (const step of ref
    .slice(2)
    .split('/')
    .filter((_, at) => ref.length > 1 || at > 0)) {
    const key = unescaped(step);
    const inside: Readonly<Record<string, unknown>> | null =
      typeof schema === 'object' ? (schema as Readonly<Record<string, unknown>> | null) : null;
    if (inside === null || !Object.hasOwn(inside, key)) {
      throw new SchemaError(from, '$ref', `${JSON.stringify(ref)} names nothing in the schema`);
    }
    schema = inside[key];
  }
  return { schema, path: root.path + ref.slice(1) };
}

function unescaped(step: string): string {
  const text = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
