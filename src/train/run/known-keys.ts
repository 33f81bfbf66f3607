import { z } from 'zod';

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

function below(key: string, inner: z.core.$ZodType): string[] {
  return knownKeys(inner).map((rest) => `${key}.${rest}`);
}

type Wrapper = z.ZodOptional | z.ZodExactOptional | z.ZodNullable | z.ZodDefault | z.ZodPrefault;

const WRAPPERS = [z.ZodOptional, z.ZodExactOptional, z.ZodNullable, z.ZodDefault, z.ZodPrefault];

const isWrapper = (schema: z.core.$ZodType): schema is Wrapper =>
  WRAPPERS.some((one) => schema instanceof one);
