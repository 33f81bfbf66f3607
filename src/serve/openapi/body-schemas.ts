import * as z from 'zod';
import { chatSchema } from '../chat/read-chat.ts';
import { messageSchema } from '../chat/read-messages.ts';
import { completionSchema } from '../completions/read-completion.ts';
import { itemSchema } from '../responses/read-items.ts';
import { responseSchema } from '../responses/read-response.ts';
import { detokenizeSchema, tokenizeSchema } from '../words/word-routes.ts';

/** Bodies that the server takes, by what OpenAPI calls them. Messages and items, which are read one by one, stand in their places. */
const BODIES = {
  ChatRequest: chatSchema.extend({ messages: z.array(messageSchema).min(1) }),
  CompletionRequest: completionSchema,
  ResponseRequest: responseSchema.extend({
    input: z.union([
      z.string(),
      z.array(z.union([itemSchema, z.object({ role: z.string(), content: z.unknown() })])).min(1),
    ]),
  }),
  TokenizeRequest: tokenizeSchema.extend({ messages: z.array(messageSchema).optional() }),
  DetokenizeRequest: detokenizeSchema,
} as const satisfies Record<string, z.ZodType>;

export type BodyName = keyof typeof BODIES;

const NULLS =
  'A field that is null counts as not given; one that is not known is refused by its name.';

/** Each as a JSON schema of what may be sent. */
export const bodySchemas = (): Record<BodyName, object> =>
  Object.fromEntries(
    Object.entries(BODIES).map(([name, body]) => [name, { description: NULLS, ...sent(body) }]),
  ) as Record<BodyName, object>;

/** What a custom check lets in is told by its own words, if at all. */
function sent(body: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(body, {
    ...{ io: 'input', unrepresentable: 'any', reused: 'inline' },
    override({ jsonSchema }) {
      if (jsonSchema.prefixItems?.length === 0) delete jsonSchema.prefixItems; // as JSON Schema has it
    },
  });
  return schema;
}
