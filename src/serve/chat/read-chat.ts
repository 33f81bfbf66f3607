import * as z from 'zod';
import type { GenerateOptions } from '../../contracts/generate.ts';
import { refused } from '../api/api-error.ts';
import { checkFields, type Unsupported } from '../api/check-fields.ts';
import { chatFormat } from '../api/format-fields.ts';
import {
  answerOptions,
  deliveryFields,
  idleFields,
  pictureFields,
  pictureOptions,
  samplingFields,
  tokenLimit,
} from '../api/sampling-fields.ts';
import { chatToolFields, toolOptions } from '../api/tool-fields.ts';
import type { PictureDoor } from '../pictures/picture-door.ts';
import { readMessages } from './read-messages.ts';

const words = z.string('must be a text.');
const textPart = z.strictObject({ type: z.literal('text'), text: words });

export const chatSchema = z.strictObject({
  ...samplingFields,
  ...deliveryFields,
  ...idleFields,
  ...pictureFields,
  messages: z.array(z.unknown(), 'must be a list of messages.').min(1, 'must hold a message.'),
  max_tokens: tokenLimit,
  max_completion_tokens: tokenLimit,
  logprobs: z.boolean('must be true or false.').default(false),
  top_logprobs: z.int().min(0).max(20, 'must be a whole number from 0 to 20.').optional(),
  prediction: z
    .strictObject({
      type: z.literal('content', 'must be content.'),
      content: z.union([words, z.array(textPart)], 'must be a text, or a list of text parts.'),
    })
    .optional(),
  response_format: chatFormat.optional(),
  ...chatToolFields,
  modalities: z
    .tuple([z.literal('text')], 'must be ["text"]: words are all that is written.')
    .optional(),
});

const TOOLS = 'give tools and tool_choice.';
const UNSUPPORTED: Unsupported = {
  audio: 'no sound is written here.',
  function_call: TOOLS,
  functions: TOOLS,
  reasoning_effort: 'no model here reasons apart from its answer.',
  verbosity: 'say in a message how long the answer should be.',
  web_search_options: 'nothing is searched.',
  best_of: 'ask for n answers and choose.',
  repetition_penalty: 'use frequency_penalty or presence_penalty.',
};

/** How an answer is to be delivered. */
export interface Delivery {
  readonly model: string | undefined;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** Whether trees are told. */
  readonly passes: boolean;
}

/** A chat request, ready for the engine. */
export interface ChatAsked extends Delivery {
  readonly logprobs: boolean;
  /** One for each choice. */
  readonly options: readonly GenerateOptions[];
}

/**
 * Reads the body of `/v1/chat/completions`, pictures included.
 * @param draw a seed
 * @throws ApiError that names the field, ImageError
 */
export async function readChat(
  body: object,
  door: PictureDoor,
  draw: () => number,
): Promise<ChatAsked> {
  const fields = checkFields(body, chatSchema, UNSUPPORTED);
  const { max_tokens, max_completion_tokens, logprobs, top_logprobs, prediction } = fields;
  if (top_logprobs !== undefined && !logprobs) {
    throw refused('top_logprobs', 'goes with logprobs: true.');
  }
  const messages = await readMessages(fields.messages, door);
  const predicted = predictionText(prediction?.content);
  const { stream, stream_options, msd } = fields;
  if (predicted !== '' && msd.plain) throw refused('prediction', 'is not read with msd.plain.');
  if (stream_options !== undefined && !stream) {
    throw refused('stream_options', 'goes with stream: true.');
  }
  return {
    model: fields.model,
    stream,
    includeUsage: stream_options?.include_usage ?? false,
    passes: msd.passes,
    logprobs,
    options: answerOptions(fields, draw).map((options) => ({
      ...options,
      messages,
      ...pictureOptions(fields),
      ...toolOptions(fields),
      ...(fields.response_format && { responseFormat: fields.response_format }),
      maxTokens: max_completion_tokens ?? max_tokens ?? AS_MUCH_AS_FITS,
      logprobs,
      ...(top_logprobs !== undefined && { topLogprobs: top_logprobs }),
      ...(predicted !== '' && { prediction: predicted }),
    })),
  };
}

/** The engine cuts it to what the context has room for. */
export const AS_MUCH_AS_FITS = 1_000_000;

function predictionText(content: string | { readonly text: string }[] = ''): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('');
}
