import { z } from 'zod';
import type { GenerateOptions } from '../../contracts/generate.ts';
import { refused } from '../api/api-error.ts';
import { checkFields, type Unsupported } from '../api/check-fields.ts';
import {
  answerOptions,
  deliveryFields,
  idleFields,
  samplingFields,
  tokenLimit,
} from '../api/sampling-fields.ts';
import { AS_MUCH_AS_FITS } from '../chat/read-chat.ts';
import { readMessages } from '../chat/read-messages.ts';
import type { PictureDoor } from '../pictures/picture-door.ts';

const words = z.string('must be a text.');
const { temperature, top_p, top_k, min_p, seed } = samplingFields;
const { n, stop, ignore_eos, logit_bias, frequency_penalty, presence_penalty } = samplingFields;
const { model, stream, msd } = deliveryFields;

const schema = z.strictObject({
  ...{ temperature, top_p, top_k, min_p, seed, stop, ignore_eos, model, stream, msd },
  ...{ logit_bias, frequency_penalty, presence_penalty },
  ...idleFields,
  input: z.union([words, z.array(z.unknown()).min(1)], 'must be a text or a list of items.'),
  instructions: words.optional(),
  max_output_tokens: tokenLimit,
  text: z
    .strictObject({
      format: z
        .strictObject({ type: z.literal('text', 'must be text: no other form is supported.') })
        .optional(),
    })
    .optional(),
  tool_choice: z.enum(['none', 'auto'], 'must be none or auto: there are no tools.').optional(),
  tools: z.tuple([], 'must be empty: tools are not supported.').optional(),
  parallel_tool_calls: z.boolean().optional(),
  truncation: z.literal('disabled', 'must be disabled: nothing is left out.').optional(),
  include: z.tuple([], 'must be empty.').optional(),
  background: z
    .literal(false, 'must be false: answers are given where they are asked for.')
    .optional(),
  stream_options: z.strictObject({ include_obfuscation: z.boolean().optional() }).optional(),
});

const STORED = 'nothing is stored here; send the conversation as input.';
const UNSUPPORTED: Unsupported = {
  conversation: STORED,
  previous_response_id: STORED,
  prompt: STORED,
  reasoning: 'no model here reasons apart from its answer.',
  max_tool_calls: 'there are no tools.',
  top_logprobs: 'ask /v1/chat/completions for them.',
};

/** A request of the responses API, ready for the engine. */
export interface ResponseAsked {
  readonly stream: boolean;
  readonly passes: boolean;
  readonly options: GenerateOptions;
  /** What the answer repeats of it. */
  readonly said: {
    readonly model: string | undefined;
    readonly instructions: string | null;
    readonly maxOutputTokens: number | null;
    readonly temperature: number;
    readonly topP: number;
    readonly metadata: Readonly<Record<string, string>>;
    readonly user: string | null;
  };
}

/** Reads the body of `/v1/responses`, pictures included. @throws ApiError that names the field, ImageError */
export async function readResponse(
  body: object,
  door: PictureDoor,
  draw: () => number,
): Promise<ResponseAsked> {
  const fields = checkFields(body, schema, UNSUPPORTED);
  const { input, instructions, max_output_tokens, metadata = {}, user = null } = fields;
  const items =
    typeof input === 'string' ? [{ role: 'user', content: input }] : input.map(asMessage);
  const system = instructions === undefined ? [] : [{ role: 'system', content: instructions }];
  const messages = joinSystem(await readMessages([...system, ...items], door));
  const [only] = answerOptions({ ...fields, n: n.parse(undefined) }, draw);
  return {
    stream: fields.stream,
    passes: fields.msd.passes,
    options: { ...only, messages, maxTokens: max_output_tokens ?? AS_MUCH_AS_FITS },
    said: {
      ...{ model: fields.model, instructions: instructions ?? null, metadata, user },
      maxOutputTokens: max_output_tokens ?? null,
      ...{ temperature: fields.temperature, topP: fields.top_p },
    },
  };
}

const item = z.object({
  type: z.literal('message', 'must be message: no other item is supported.').optional(),
  role: z.unknown(),
  content: z.unknown(),
});

/** An item as a message of a chat. Ids and states, which answers have and requests repeat, are left. */
function asMessage(value: unknown, at: number): unknown {
  const place = `input[${at}]`;
  const read = item.safeParse(value);
  if (!read.success) throw refused(`${place}.type`, 'must be message: no other item is supported.');
  const { role, content } = read.data;
  return { role, content: Array.isArray(content) ? content.map(asPart) : content };
}

function asPart(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || !('type' in part)) return part;
  if (part.type === 'input_text' || part.type === 'output_text') {
    return { type: 'text', text: 'text' in part ? part.text : undefined };
  }
  if (part.type !== 'input_image') return part;
  if ('file_id' in part && part.file_id !== null) {
    throw refused('file_id', 'is not known: nothing is stored; give image_url.');
  }
  const url = 'image_url' in part ? part.image_url : undefined;
  return {
    type: 'image_url',
    image_url: { url, ...('detail' in part && { detail: part.detail }) },
  };
}

/** Instructions and a system message of the input are one, as templates take one alone. */
function joinSystem<M extends { role: string; content: unknown }>(messages: readonly M[]): M[] {
  const [first, second, ...rest] = messages;
  const both = [first, second].every((one) => one?.role === 'system');
  if (!both || typeof first?.content !== 'string' || typeof second?.content !== 'string') {
    return [...messages];
  }
  return [{ ...first, content: `${first.content}\n\n${second.content}` }, ...rest];
}
