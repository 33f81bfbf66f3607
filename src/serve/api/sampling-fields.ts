import * as z from 'zod';
import type { AnswerOptions } from '../../contracts/generate.ts';

/** Fields that say how tokens are chosen, the same for chats and texts. */

const numberIn = (least: number, most: number) => {
  const range = `must be a number from ${least} to ${most}.`;
  return z.number(range).min(least, range).max(most, range);
};
const wholeIn = (least: number, most: number) => {
  const range = `must be a whole number from ${least} to ${most}.`;
  return z.int(range).min(least, range).max(most, range);
};
const flag = z.boolean('must be true or false.');
const words = z.string('must be a text.');

export const MOST_CHOICES = 16;
const MOST_STOPS = 16;
const STOP = `must be a text or a list of up to ${MOST_STOPS} texts, none empty.`;
const stopText = z.string(STOP).min(1, 'must not be empty.');
const TOP_P = 'must be a number above 0 and at most 1.';
const TREE = 'must be auto, or a whole number of rows from 1 to 64.';
const MOST_TOKENS = 1_000_000;

export const tokenLimit = wholeIn(1, MOST_TOKENS).optional();

/** By their names in OpenAI's API; `top_k`, `min_p` and `ignore_eos` by vLLM's. */
export const samplingFields = {
  temperature: numberIn(0, 2).default(1),
  top_p: z.number(TOP_P).gt(0, TOP_P).max(1, TOP_P).default(1),
  top_k: wholeIn(-1, 2 ** 31 - 1).default(0),
  min_p: numberIn(0, 1).default(0),
  seed: wholeIn(-1, Number.MAX_SAFE_INTEGER).optional(),
  frequency_penalty: numberIn(-2, 2).default(0),
  presence_penalty: numberIn(-2, 2).default(0),
  logit_bias: z
    .record(
      z.string().regex(/^\d{1,9}$/, 'must hold token ids.'),
      numberIn(-100, 100),
      'must be an object of numbers by token ids.',
    )
    .default({}),
  stop: z
    .union(
      [stopText.transform((one) => [one]), z.array(stopText, STOP).max(MOST_STOPS, STOP)],
      STOP,
    )
    .default([]),
  ignore_eos: flag.default(false),
  n: wholeIn(1, MOST_CHOICES).default(1),
} as const;

/** What is asked beside the answer itself. */
export const deliveryFields = {
  model: words.optional(),
  stream: flag.default(false),
  stream_options: z
    .strictObject(
      { include_usage: flag.default(false), include_obfuscation: flag.optional() },
      'must be an object.',
    )
    .optional(),
  msd: z
    .strictObject(
      {
        passes: flag
          .default(false)
          .describe('A stream tells its passes and who guessed each token.'),
        plain: flag.default(false).describe('Nothing is drafted.'),
        tree: z
          .union([z.literal('auto'), z.int().min(1).max(64)], TREE)
          .default('auto')
          .describe('Rows of a pass, or those that pay.'),
        forget: z
          .enum(['likely', 'all'], 'must be likely or all.')
          .optional()
          .describe('What earlier answers left that is not used.'),
      },
      'must be an object.',
    )
    .default({ passes: false, plain: false, tree: 'auto' }),
} as const;

/** What has pictures may have their text read, too. */
export const pictureFields = {
  read_text: flag
    .optional()
    .describe('The text of the pictures is read, and put into the prompt as words behind each.'),
} as const;

export const pictureOptions = ({ read_text }: { read_text?: boolean | undefined }) =>
  read_text === undefined ? {} : { readText: read_text };

/** Fields that change no answer here, accepted as clients send them. */
export const idleFields = {
  user: words.optional(),
  safety_identifier: words.optional(),
  prompt_cache_key: words.optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  service_tier: z
    .enum(['auto', 'default'], 'must be auto or default: there is one tier.')
    .optional(),
  store: z.literal(false, 'must be false: nothing is stored.').optional(),
} as const;

type Fields = z.infer<z.ZodObject<typeof samplingFields & typeof deliveryFields>>;

/**
 * The engine's options for each of the answers that are asked for, whose seeds follow each other.
 * @param draw a seed for a request that gives none
 */
export function answerOptions(
  fields: Omit<Fields, 'model' | 'stream' | 'stream_options'>,
  draw: () => number,
): AnswerOptions[] {
  const { temperature, top_p, top_k, min_p, seed = -1, stop, ignore_eos, n, msd } = fields;
  const first = seed === -1 ? draw() : seed;
  return Array.from({ length: n }, (_, choice) => ({
    temperature,
    topP: top_p,
    topK: Math.max(0, top_k),
    minP: min_p,
    seed: (first + choice) % Number.MAX_SAFE_INTEGER,
    frequencyPenalty: fields.frequency_penalty,
    presencePenalty: fields.presence_penalty,
    logitBias: fields.logit_bias,
    stop,
    ignoreEos: ignore_eos,
    passes: msd.passes,
    ...(msd.forget && { forget: msd.forget }),
    ...(msd.plain ? { drafter: 'none' } : { tree: msd.tree }),
  }));
}
