import { PromptError } from '../../../contracts/errors.ts';
import type { AnswerOptions } from '../../../contracts/generate.ts';
import { readText } from './read-text.ts';

/** Flags that say what an answer must come out as: one of them at most. */
export interface FormatFlags {
  readonly schema: string | undefined;
  readonly jsonObject: true | undefined;
  readonly regex: string | undefined;
}

/**
 * The option that they stand for; none where no flag was given.
 * @throws PromptError where the file of a schema is no JSON
 */
export async function readFormat({
  schema,
  jsonObject,
  regex,
}: FormatFlags): Promise<Pick<AnswerOptions, 'responseFormat'>> {
  if (jsonObject) return { responseFormat: { type: 'json_object' } };
  if (regex !== undefined) return { responseFormat: { type: 'regex', regex } };
  if (schema === undefined) return {};
  const json_schema = { schema: await readSchema(schema) };
  return { responseFormat: { type: 'json_schema', json_schema } };
}

async function readSchema(path: string): Promise<object> {
  const noJson = (cause: unknown) =>
    new PromptError(`${path}: this is no JSON; give a JSON schema, as {"type": "object"}.`, {
      cause,
    });
  const text = await readText(path, (_, cause) => noJson(cause));
  try {
    return JSON.parse(text) as object;
  } catch (cause) {
    throw noJson(cause);
  }
}
