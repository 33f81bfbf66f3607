import * as z from 'zod';
import type { GenerateOptions } from '../../contracts/generate.ts';
import { checkFields, type Unsupported } from '../api/check-fields.ts';
import { flatFormat } from '../api/format-fields.ts';
import {
  answerOptions,
  deliveryFields,
  idleFields,
  pictureFields,
  pictureOptions,
  samplingFields,
  tokenLimit,
} from '../api/sampling-fields.ts';
import { asChatTools, flatToolFields, toolOptions } from '../api/tool-fields.ts';
import { AS_MUCH_AS_FITS } from '../chat/read-chat.ts';
import { readMessages } from '../chat/read-messages.ts';
import type { PictureDoor } from '../pictures/picture-door.ts';
import { readItems } from './read-items.ts';

const words = z.string('must be a text.');
const { temperature, top_p, top_k, min_p, seed } = samplingFields;
const { n, stop, ignore_eos, logit_bias, frequency_penalty, presence_penalty } = samplingFields;
const { model, stream, msd } = deliveryFields;

export const responseSchema = z.strictObject({
  ...{ temperature, top_p, top_k, min_p, seed, stop, ignore_eos, model, stream, msd },
  ...{ logit_bias, frequency_penalty, presence_penalty },
  ...idleFields,
  ...pictureFields,
  input: z.union([words, z.array(z.unknown()).min(1)], 'must be a text or a list of items.'),
  instructions: words.optional(),
  max_output_tokens: tokenLimit,
  text: z.strictObject({ format: flatFormat.optional() }, 'must be an object.').optional(),
  ...flatToolFields,
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
  max_tool_calls: 'no tool is run here: whoever asked runs what is called.',
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
    readonly format: object;
    readonly tools: readonly object[];
    readonly toolChoice: string | object;
    readonly parallelToolCalls: boolean;
  };
}

/** Reads the body of `/v1/responses`, pictures included. @throws ApiError that names the field, ImageError */
export async function readResponse(
  body: object,
  door: PictureDoor,
  draw: () => number,
): Promise<ResponseAsked> {
  const fields = checkFields(body, responseSchema, UNSUPPORTED);
  const { input, instructions, max_output_tokens, metadata = {}, user = null } = fields;
  const given =
    typeof input === 'string'
      ? { messages: [{ role: 'user', content: input }], places: ['input'] }
      : readItems(input);
  const system = instructions === undefined ? [] : [{ role: 'system', content: instructions }];
  const places = [...system.map(() => 'instructions'), ...given.places];
  const read = await readMessages(
    [...system, ...given.messages],
    door,
    (at) => places[at] as string,
  );
  const { tools = [], tool_choice = 'auto', parallel_tool_calls = true } = fields;
  const format = fields.text?.format;
  const [only] = answerOptions({ ...fields, n: n.parse(undefined) }, draw);
  return {
    stream: fields.stream,
    passes: fields.msd.passes,
    options: {
      ...only,
      messages: joinSystem(read),
      ...pictureOptions(fields),
      ...toolOptions(asChatTools(fields)),
      ...(format && { responseFormat: format.format }),
      maxTokens: max_output_tokens ?? AS_MUCH_AS_FITS,
    },
    said: {
      ...{ model: fields.model, instructions: instructions ?? null, metadata, user },
      maxOutputTokens: max_output_tokens ?? null,
      ...{ temperature: fields.temperature, topP: fields.top_p },
      format: format?.said ?? { type: 'text' },
      tools: tools.map((tool) => ({ ...BARE, ...tool })),
      toolChoice: tool_choice,
      parallelToolCalls: parallel_tool_calls,
    },
  };
}

/** What a function has that says no more of itself. */
const BARE = { description: null, parameters: null, strict: false };

/** Instructions and a system message of the input are one, as templates take one alone. */
function joinSystem<M extends { role: string; content: unknown }>(messages: readonly M[]): M[] {
  const [first, second, ...rest] = messages;
  const both = [first, second].every((one) => one?.role === 'system');
  if (!both || typeof first?.content !== 'string' || typeof second?.content !== 'string') {
    return [...messages];
  }
  return [{ ...first, content: `${first.content}\n\n${second.content}` }, ...rest];
}
