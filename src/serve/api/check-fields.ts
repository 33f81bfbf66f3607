import type * as z from 'zod';
import { ApiError, refused } from './api-error.ts';

/** Fields of OpenAI's that nothing here can follow, each with the reason. */
export type Unsupported = Readonly<Record<string, string>>;

/**
 * A body by its schema; a field that is null counts as not given.
 * @throws ApiError that names the field
 */
export function checkFields<T>(body: object, schema: z.ZodType<T>, unsupported: Unsupported): T {
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const issue = deepest(read.error.issues[0]);
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const param = pathOf([...issue.path, key]);
    const reason = issue.path.length === 0 ? unsupported[key] : undefined;
    throw reason === undefined
      ? new ApiError(400, 'unknown_parameter', `Unrecognized request argument: ${param}.`, {
          param,
        })
      : new ApiError(400, 'unsupported_parameter', `${param} is not supported: ${reason}`, {
          param,
        });
  }
  throw refused(pathOf(issue?.path ?? []) || 'body', issue?.message ?? 'is not valid.');
}

/** Of a value that may have several forms, what is wrong with the one that fits furthest. */
function deepest(issue: z.core.$ZodIssue | undefined): z.core.$ZodIssue | undefined {
  if (issue?.code !== 'invalid_union') return issue;
  const inner = issue.errors.flatMap(([first]) => deepest(first) ?? []);
  const [best] = inner.sort((a, b) => b.path.length - a.path.length);
  if (best === undefined || best.path.length === 0) return issue;
  return { ...best, path: [...issue.path, ...best.path] };
}

/** `messages[0].content`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    return before === '' ? String(key) : `${before}.${String(key)}`;
  }, '');
}
