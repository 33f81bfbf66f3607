import { z } from 'zod';
import { DRAFTER_NAMES, type DrafterName, type TreeShape } from '../contracts/drafter.ts';
import { OptionError } from '../contracts/errors.ts';
import type { GenerateOptions, Sampling } from '../contracts/generate.ts';
import type { ImageSource } from '../contracts/image.ts';
import { messagesFromPrompt } from '../input/messages.ts';

/** A request with its defaults filled in. */
export interface Request {
  readonly messages: unknown;
  readonly system: string | undefined;
  readonly sampling: Sampling;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly ignoreEos: boolean;
  readonly drafter: DrafterName | 'auto';
  readonly tree: TreeShape | 'auto';
}

const whole = (least: number, most: number) =>
  z
    .int(`must be a whole number from ${least} to ${most}.`)
    .min(least, `must be at least ${least}.`)
    .max(most, `must be at most ${most}.`);
const share = (least: string) =>
  z.number(`must be a number from ${least} to 1.`).max(1, 'must be at most 1.');

const SEEDS = Number.MAX_SAFE_INTEGER;
const MOST_TOKENS = 1_000_000;

const schema = z.strictObject({
  prompt: z.string('must be a text.').optional(),
  images: z
    .array(
      z.union([z.string(), z.instanceof(Uint8Array)], 'must hold paths, data: URIs or bytes.'),
      'must be a list of pictures.',
    )
    .default([]),
  messages: z.unknown().optional(),
  system: z.string('must be a text.').optional(),
  maxTokens: whole(1, MOST_TOKENS).default(256),
  temperature: z
    .number('must be a number, 0 for greedy.')
    .min(0, 'must be at least 0.')
    .max(100, 'must be at most 100.')
    .default(0),
  topK: whole(0, 2 ** 31 - 1).default(0),
  topP: share('above 0').gt(0, 'must be above 0.').default(1),
  minP: share('0').min(0, 'must be at least 0.').default(0),
  seed: whole(0, SEEDS).default(0),
  stop: z
    .array(z.string('must hold texts.').min(1, 'must not hold an empty text.'), 'must be a list.')
    .default([]),
  ignoreEos: z.boolean('must be true or false.').default(false),
  drafter: z
    .enum(['auto', ...DRAFTER_NAMES], `must be auto, ${DRAFTER_NAMES.join(', ')}.`)
    .default('auto'),
  tree: z
    .union(
      [
        z.literal('auto'),
        z.strictObject({ total: whole(1, 1024), depth: whole(0, 64), topK: whole(1, 64) }),
      ],
      'must be auto, or total 1-1024, depth 0-64 and topK 1-64.',
    )
    .default('auto'),
  signal: z.unknown().optional(),
});

/**
 * Checks a request and fills in its defaults; messages are checked later, by `normaliseMessages`.
 * @throws OptionError naming the option.
 */
export function resolveOptions(options: GenerateOptions): Request {
  const read = schema.safeParse(options);
  if (!read.success) {
    const issue = read.error.issues[0];
    if (issue?.code === 'unrecognized_keys') {
      throw new OptionError(
        issue.keys.join(', '),
        'is not known; see GenerateOptions for those that are.',
      );
    }
    const name = String(issue?.path[0] ?? 'options');
    throw new OptionError(name, issue?.message ?? 'is not valid.');
  }
  const { prompt, images, messages, temperature, topK, topP, minP, seed, ...rest } = read.data;
  if ((prompt === undefined) === (messages === undefined)) {
    throw new OptionError('prompt', 'and messages: give exactly one of them.');
  }
  if (messages !== undefined && images.length > 0) {
    throw new OptionError(
      'images',
      'go with a prompt; put pictures into the messages as image parts.',
    );
  }
  return {
    messages: messages ?? messagesFromPrompt(prompt ?? '', images as ImageSource[]),
    system: rest.system,
    sampling: { temperature, topK, topP, minP, seed },
    maxTokens: rest.maxTokens,
    stop: rest.stop,
    ignoreEos: rest.ignoreEos,
    drafter: rest.drafter,
    tree: rest.tree,
  };
}
