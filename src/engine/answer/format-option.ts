import * as z from 'zod';
import { OptionError } from '../../contracts/errors.ts';
import type { ResponseFormat } from '../../contracts/response-format.ts';
import { formatExpression } from '../../grammar/format-expression.ts';
import { plainData } from './plain-data.ts';

const SCHEMA = 'must be a JSON schema, as an object.';

const jsonSchema = z.strictObject({
  name: z.string().nullish(),
  description: z.string().nullish(),
  schema: z.union([z.boolean(), z.looseObject({}, SCHEMA)], SCHEMA).optional(),
  strict: z.boolean().nullish(),
});

const SHAPES =
  'must be {type: text}, {type: json_object}, {type: json_schema, json_schema: {schema}} or {type: regex, regex}.';

/** A response format as plain data. */
export const formatOption = z
  .discriminatedUnion(
    'type',
    [
      z.strictObject({ type: z.literal('text') }),
      z.strictObject({ type: z.literal('json_object') }),
      z.strictObject({ type: z.literal('json_schema'), json_schema: jsonSchema }),
      z.strictObject({ type: z.literal('regex'), regex: z.string() }),
    ],
    SHAPES,
  )
  .transform((given, context) => plainData(given as ResponseFormat, context));

/**
 * What can't be kept is refused before anything runs.
 * @throws SchemaError, OptionError
 */
export function checkFormat(format: ResponseFormat | undefined, ignoreEos: boolean): void {
  if (format === undefined || formatExpression(format) === null || !ignoreEos) return;
  throw new OptionError(
    'ignoreEos',
    'goes past the end of what responseFormat allows; leave it out.',
  );
}
