import * as z from 'zod';
import { CheckpointError } from './errors.ts';
import { printable } from './printable.ts';

/** A number of things, or the length of a side. */
export const count = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);

/** Layers get a name each, so a lying config must not ask for millions. */
export const layerCount = z.int().min(1).max(1024);

export const tokenId = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

export const positive = z.number().positive();

/** A field that changes the network in a way that this version does not build: absent, or exactly `value`. */
export function only<T extends boolean | null | number | string>(value: T) {
  return z.literal(value).optional();
}

/**
 * `value` as `schema` reads it.
 * @throws CheckpointError that names the first field that does not fit, what stands there, and what may.
 */
export function parseFields<T extends z.ZodType>(
  path: string,
  schema: T,
  value: unknown,
): z.output<T> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw fieldError(path, issue?.path.join('.') ?? '', issue?.input, expected(issue));
}

/** The error for a field of a config: "text_config.hidden_act is "gelu"; it must be "silu"." */
export function fieldError(
  path: string,
  field: string,
  value: unknown,
  expectation: string,
): CheckpointError {
  const problem = `${field || 'the file'} is ${printable(value)}; ${expectation}.`;
  return new CheckpointError(path, problem);
}

function expected(issue: z.core.$ZodIssue | undefined): string {
  switch (issue?.code) {
    case 'invalid_value':
      return `this version runs only ${issue.values.map((v) => JSON.stringify(v)).join(' or ')}`;
    case 'invalid_type':
      return `it must be of type ${issue.expected}`;
    case 'too_small':
      return `it must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `it must be at most ${issue.maximum}`;
    default:
      return 'it has no form that this version knows';
  }
}
