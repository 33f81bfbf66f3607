import * as z from 'zod';

/** Dotted keys of all that a schema's objects hold, groups before what is in them; `*` stands for a place in a list. */
export function knownKeys(schema: z.core.$ZodType): string[] {
  if (schema instanceof z.ZodObject) {
    return Object.entries<z.core.$ZodType>(schema.shape).flatMap(([key, inner]) => [
      key,
      ...below(key, inner),
    ]);
  }
  if (schema instanceof z.ZodArray) return below('*', schema.element);
  if (schema instanceof z.ZodUnion) return [...new Set(schema.options.flatMap(knownKeys))];
  if (schema instanceof z.ZodPipe) return knownKeys(schema.in);
  const inner = isWrapper(schema) ? schema.def.innerType : undefined;
  return inner === undefined ? [] : knownKeys(inner);
}

/** Dotted keys of the lists that a schema holds outside of other lists, and what is in each. */
export function listKeys(schema: z.core.$ZodType, at: readonly string[] = []): Map<string, Listed> {
  if (schema instanceof z.ZodObject) {
    const inner = Object.entries<z.core.$ZodType>(schema.shape);
    return new Map(inner.flatMap(([key, one]) => [...listKeys(one, [...at, key])]));
  }
  if (schema instanceof z.ZodArray) {
    return new Map([[at.join('.'), schema.element instanceof z.ZodString ? 'texts' : 'values']]);
  }
  if (schema instanceof z.ZodTuple) return new Map([[at.join('.'), 'values']]);
  if (schema instanceof z.ZodPipe) return listKeys(schema.in, at);
  return isWrapper(schema) ? listKeys(schema.def.innerType, at) : new Map();
}

/** Texts are taken as they stand, other values as JSON. */
export type Listed = 'texts' | 'values';

function below(key: string, inner: z.core.$ZodType): string[] {
  return knownKeys(inner).map((rest) => `${key}.${rest}`);
}

type Wrapper = z.ZodOptional | z.ZodExactOptional | z.ZodNullable | z.ZodDefault | z.ZodPrefault;

const WRAPPERS = [z.ZodOptional, z.ZodExactOptional, z.ZodNullable, z.ZodDefault, z.ZodPrefault];

const isWrapper = (schema: z.core.$ZodType): schema is Wrapper =>
  WRAPPERS.some((one) => schema instanceof one);
