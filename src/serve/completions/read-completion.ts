import * as z from 'zod';
import type { GenerateOptions } from '../../contracts/generate.ts';
import { refused } from '../api/api-error.ts';
import { checkFields, type Unsupported } from '../api/check-fields.ts';
import {
  answerOptions,
  deliveryFields,
  idleFields,
  MOST_CHOICES,
  samplingFields,
  tokenLimit,
} from '../api/sampling-fields.ts';
import type { Delivery } from '../chat/read-chat.ts';

const PROMPT = 'must be a text, a list of token ids, or a list of either.';
const text = z.string(PROMPT).min(1, 'must not be empty.');
const ids = z.array(z.int(PROMPT).min(0, PROMPT)).min(1, 'must not be empty.');

export const completionSchema = z.strictObject({
  ...samplingFields,
  ...deliveryFields,
  ...idleFields,
  prompt: z.union([text, ids, z.array(text).min(1), z.array(ids).min(1)], PROMPT),
  max_tokens: tokenLimit,
  logprobs: z.int().min(0).max(20, 'must be a whole number from 0 to 20.').optional(),
  echo: z.literal(false, 'must be false: the prompt is not repeated.').optional(),
  best_of: z.int().optional(),
});

const UNSUPPORTED: Unsupported = {
  suffix: 'the models here write forwards alone.',
  repetition_penalty: 'use frequency_penalty or presence_penalty.',
  prompt_logprobs: 'of a prompt no logprobs are told.',
};

/** OpenAI's default of this way in; chats have none. */
const USUAL_TOKENS = 16;

export interface CompletionAsked extends Delivery {
  readonly logprobs: boolean;
  /** Of each prompt. */
  readonly choices: number;
  /** For each prompt its choices. */
  readonly options: readonly GenerateOptions[];
}

/** Reads the body of `/v1/completions`. @throws ApiError that names the field */
export function readCompletion(body: object, draw: () => number): CompletionAsked {
  const fields = checkFields(body, completionSchema, UNSUPPORTED);
  const { prompt, n, best_of = n, max_tokens = USUAL_TOKENS, logprobs, stream } = fields;
  if (best_of !== n) throw refused('best_of', 'must be n: all choices are given.');
  if (fields.stream_options !== undefined && !stream) {
    throw refused('stream_options', 'goes with stream: true.');
  }
  const prompts = promptsOf(prompt);
  if (prompts.length * n > MOST_CHOICES) {
    throw refused('prompt', `and n ask for more than ${MOST_CHOICES} answers; ask by turns.`);
  }
  return {
    model: fields.model,
    stream,
    includeUsage: fields.stream_options?.include_usage ?? false,
    passes: fields.msd.passes,
    logprobs: logprobs !== undefined,
    choices: n,
    options: prompts.flatMap((text) =>
      answerOptions(fields, draw).map((options) => ({
        ...options,
        text,
        maxTokens: max_tokens,
        ...(logprobs !== undefined && { logprobs: true, topLogprobs: logprobs }),
      })),
    ),
  };
}

function promptsOf(prompt: z.infer<typeof completionSchema>['prompt']): (string | number[])[] {
  if (typeof prompt === 'string') return [prompt];
  const isIds = (list: typeof prompt): list is number[] => typeof list[0] === 'number';
  return isIds(prompt) ? [prompt] : (prompt as (string | number[])[]);
}
