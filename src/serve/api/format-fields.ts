/** What an answer must come out as: `response_format` of chats, `text.format` of responses, which has it without a wrapping. */
import * as z from 'zod';
import type { NamedSchema, ResponseFormat } from '../../contracts/response-format.ts';

const words = z.string('must be a text.');

/** Characters of JSON that schemas of a request may have: making grammars of them holds up whoever asks beside. */
const MOST_SCHEMA = 100_000;
export const TOO_LONG = `must have at most ${MOST_SCHEMA} characters of JSON.`;
export const isShort = (schemas: unknown): boolean => JSON.stringify(schemas).length <= MOST_SCHEMA;

/** As it came: what it may say is the grammar's to judge, in its own words. */
const jsonSchema = z
  .custom<object | boolean>(
    (value) => typeof value === 'boolean' || (typeof value === 'object' && !Array.isArray(value)),
    'must be a JSON schema, as an object.',
  )
  .refine(isShort, TOO_LONG)
  .meta({ description: 'A JSON schema.', type: ['object', 'boolean'] });
const named = {
  name: words.nullish(),
  description: words.nullish(),
  schema: jsonSchema.nullish(),
  strict: z.boolean('must be true or false.').nullish(),
};

const text = z.strictObject({ type: z.literal('text') });
const object = z.strictObject({ type: z.literal('json_object') });
const KINDS = 'must be text, json_object or json_schema.';

export const chatFormat = z
  .discriminatedUnion(
    'type',
    [
      text,
      object,
      z.strictObject({
        type: z.literal('json_schema'),
        json_schema: z.strictObject(named, 'must be an object with a schema.'),
      }),
    ],
    KINDS,
  )
  .transform((given) => (given.type === 'json_schema' ? schemaFormat(given.json_schema) : given));

export const flatFormat = z
  .discriminatedUnion(
    'type',
    [text, object, z.strictObject({ type: z.literal('json_schema'), ...named })],
    KINDS,
  )
  .transform((given) => {
    if (given.type !== 'json_schema') return { format: given, said: given };
    const { type, name = null, description = null, schema = {}, strict = false } = given;
    return { format: schemaFormat(given), said: { type, name, description, schema, strict } };
  });

type Given = { [K in keyof NamedSchema]: NamedSchema[K] | null | undefined };

function schemaFormat({ name, description, schema, strict }: Given): ResponseFormat {
  return {
    type: 'json_schema',
    json_schema: {
      ...(name != null && { name }),
      ...(description != null && { description }),
      ...(schema != null && { schema }),
      ...(strict != null && { strict }),
    },
  };
}
