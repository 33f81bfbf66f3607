/** Functions that a model may call, as chats offer them, and as responses do: without a wrapping. */
import * as z from 'zod';
import type { AnswerOptions } from '../../contracts/generate.ts';
import type { ToolChoice } from '../../contracts/tool-call.ts';
import { isShort, TOO_LONG } from './format-fields.ts';

const words = z.string('must be a text.');
const flag = z.boolean('must be true or false.');
const name = words.min(1, 'must not be empty.');
const FUNCTIONS = 'must be function: no other tool is known here.';

const offered = {
  name,
  description: words.nullish(),
  parameters: z
    .custom<object>(
      (value) => typeof value === 'object' && !Array.isArray(value),
      'must be a JSON schema, as an object.',
    )
    .meta({ description: 'A JSON schema.', type: 'object' })
    .nullish(),
  strict: flag.nullish(),
};
const LIST = 'must be a list of tools.';
const CHOICE = 'must be none, auto, required or a function by its name.';
const way = z.enum(['none', 'auto', 'required']);
const kind = z.literal('function', FUNCTIONS);

/** Of `/v1/chat/completions`. */
export const chatToolFields = {
  tools: z
    .array(
      z.strictObject(
        { type: kind, function: z.strictObject(offered, 'must be an object with a name.') },
        'must be an object with a type.',
      ),
      LIST,
    )
    .refine(isShort, TOO_LONG)
    .optional(),
  tool_choice: z
    .union([way, z.strictObject({ type: kind, function: z.strictObject({ name }) })], CHOICE)
    .optional(),
  parallel_tool_calls: flag.optional(),
} as const;

/** Of `/v1/responses`. */
export const flatToolFields = {
  tools: z
    .array(z.strictObject({ type: kind, ...offered }, 'must be an object with a type.'), LIST)
    .refine(isShort, TOO_LONG)
    .optional(),
  tool_choice: z.union([way, z.strictObject({ type: kind, name })], CHOICE).optional(),
  parallel_tool_calls: flag.optional(),
} as const;

type ChatTools = z.infer<z.ZodObject<typeof chatToolFields>>;
type FlatTools = z.infer<z.ZodObject<typeof flatToolFields>>;
type Offered = z.infer<z.ZodObject<typeof offered>>;

/** The engine's options of them. No tools are none that a template would have to have a place for. */
export function toolOptions(
  fields: ChatTools,
): Pick<AnswerOptions, 'tools' | 'toolChoice' | 'parallelToolCalls'> {
  const { tools = [], tool_choice, parallel_tool_calls } = fields;
  return {
    ...(tools.length > 0 && {
      tools: tools.map((tool) => ({ type: tool.type, function: withoutNulls(tool.function) })),
    }),
    ...(tool_choice !== undefined && { toolChoice: tool_choice as ToolChoice }),
    ...(parallel_tool_calls !== undefined && { parallelToolCalls: parallel_tool_calls }),
  };
}

/** Those of a response as a chat has them. */
export function asChatTools({ tools, tool_choice, parallel_tool_calls }: FlatTools): ChatTools {
  return {
    tools: tools?.map(({ type, ...offered }) => ({ type, function: offered })),
    tool_choice:
      typeof tool_choice === 'object'
        ? { type: tool_choice.type, function: { name: tool_choice.name } }
        : tool_choice,
    parallel_tool_calls,
  };
}

const withoutNulls = (offered: Offered): object =>
  Object.fromEntries(Object.entries(offered).filter(([, value]) => value != null));
