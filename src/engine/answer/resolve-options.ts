import * as z from 'zod';
import type { TreeChoice } from '../../contracts/drafter.ts';
import { OptionError } from '../../contracts/errors.ts';
import type { GenerateOptions, Sampling } from '../../contracts/generate.ts';
import type { ImageSource, PictureFile } from '../../contracts/image.ts';
import type { ResponseFormat } from '../../contracts/response-format.ts';
import type { ToolChoice } from '../../contracts/tool-call.ts';
import { BESIDE, builtInDrafter, DRAFTER_NAMES } from '../../draft/drafters.ts';
import { IMAGE_OBJECTS } from '../../input/image-objects.ts';
import { messagesFromPrompt, type NormalMessage, normaliseMessages } from '../../input/messages.ts';
import { MOST_TREE_ROWS } from '../../model/lane-map.ts';
import { type Bias, changesLogits } from './biased-picker.ts';
import { checkFormat, formatOption } from './format-option.ts';
import { plainData } from './plain-data.ts';
import { checkTools, toolChoiceOption } from './tool-options.ts';

/** A request, checked, with its defaults filled in. It is plain data: it crosses to the engine as it is. */
export interface Request {
  readonly messages: readonly NormalMessage[];
  /** Gone on with as it stands, in place of messages: a text, or its ids. */
  readonly given?: string | readonly number[];
  readonly tools?: readonly object[];
  /** Default: as the model likes. */
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly documents?: readonly object[];
  /** Pictures of the messages, in order. */
  readonly images: readonly PictureFile[];
  readonly sampling: Sampling;
  readonly bias?: Bias;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly ignoreEos: boolean;
  /** What the answer must come out as. */
  readonly responseFormat?: ResponseFormat;
  /** How many of the likeliest tokens are told beside each one's logprob; null tells none. */
  readonly topLogprobs: number | null;
  readonly drafter: string;
  readonly tree: TreeChoice;
  /** What the answer may come out as. */
  readonly prediction?: string;
  /** Whether trees are told. */
  readonly passes?: true;
  /** Default: as the model is made for. */
  readonly readText?: boolean;
  /** What earlier answers left that is not used. Default: nothing. */
  readonly forget?: 'likely' | 'all';
}

/** A request whose pictures are not read yet. */
export interface UnreadRequest extends Omit<Request, 'images'> {
  readonly images: readonly ImageSource[];
}

const whole = (least: number, most: number) => {
  const range = `must be a whole number from ${least} to ${most}.`;
  return z.int(range).min(least, range).max(most, range);
};
const share = (range: string) => z.number(range).min(0, range).max(1, range);

/** Objects of JSON, as JSON would keep them. */
const objects = z
  .array(z.looseObject({}), 'must be a list of objects.')
  .transform((given: object[], context) => plainData(given, context));

const MOST_TOKENS = 1_000_000;
const TEMPERATURE = 'must be a number from 0 (greedy) to 100.';
const TOP_P = 'must be a number above 0 and at most 1.';

const PENALTY = 'must be a number from -2 to 2.';
const penalty = z.number(PENALTY).min(-2, PENALTY).max(2, PENALTY).default(0);
const BIAS = 'must hold numbers from -100 to 100 by token ids.';
const TEXT = 'must be a text, or a list of token ids.';

const schema = z.strictObject(
  {
    text: z.union([z.string().min(1, TEXT), z.array(z.int().min(0)).min(1, TEXT)], TEXT).optional(),
    prompt: z.string('must be a text.').optional(),
    images: z
      .array(
        z.union([z.string(), ...IMAGE_OBJECTS], 'must hold paths, data: URIs, bytes or blobs.'),
        'must be a list of pictures.',
      )
      .default([]),
    messages: z.unknown().optional(),
    system: z.string('must be a text.').optional(),
    tools: objects.optional(),
    toolChoice: toolChoiceOption.optional(),
    parallelToolCalls: z.boolean('must be true or false.').optional(),
    documents: objects.optional(),
    maxTokens: whole(1, MOST_TOKENS).default(256),
    temperature: z.number(TEMPERATURE).min(0, TEMPERATURE).max(100, TEMPERATURE).default(0),
    topK: whole(0, 2 ** 31 - 1).default(0),
    topP: share(TOP_P).gt(0, TOP_P).default(1),
    minP: share('must be a number from 0 to 1.').default(0),
    seed: whole(0, Number.MAX_SAFE_INTEGER).default(0),
    stop: z
      .array(
        z.string('must hold texts.').min(1, 'must not hold an empty text.'),
        'must be a list of texts.',
      )
      .default([]),
    responseFormat: formatOption.optional(),
    ignoreEos: z.boolean('must be true or false.').default(false),
    logprobs: z.boolean('must be true or false.').default(false),
    topLogprobs: whole(0, 20).optional(),
    drafter: z.string('must be a name.').default('auto'),
    tree: z
      .union(
        [
          z.literal('auto'),
          whole(1, MOST_TREE_ROWS),
          z.strictObject({
            total: whole(1, MOST_TREE_ROWS),
            depth: whole(0, 64),
            topK: whole(1, 64),
          }),
        ],
        `must be auto, 1-${MOST_TREE_ROWS} rows, or total 1-${MOST_TREE_ROWS}, depth 0-64 and topK 1-64.`,
      )
      .default('auto'),
    prediction: z.string('must be a text.').min(1, 'must not be empty.').optional(),
    logitBias: z
      .record(
        z.string().regex(/^\d{1,9}$/, BIAS),
        z.number(BIAS).min(-100, BIAS).max(100, BIAS),
        BIAS,
      )
      .default({}),
    frequencyPenalty: penalty,
    presencePenalty: penalty,
    passes: z.boolean('must be true or false.').default(false),
    readText: z.boolean('must be true or false.').optional(),
    forget: z.enum(['likely', 'all'], 'must be likely or all.').optional(),
    signal: z.custom<AbortSignal>(isSignal, 'must be an AbortSignal.').optional(),
  },
  'must be an object, as { prompt } or { messages }.',
);

/**
 * Checks a request and fills in its defaults.
 * @param drafters names that the engine knows
 * @throws OptionError naming the option, or PromptError if the messages are no conversation
 */
export function resolveOptions(
  options: GenerateOptions,
  drafters: readonly string[] = DRAFTER_NAMES,
): UnreadRequest {
  const read = schema.safeParse(options);
  if (!read.success) throw optionError(read.error.issues[0]);
  const {
    text,
    prompt,
    images,
    messages,
    system,
    tools,
    toolChoice,
    parallelToolCalls,
    documents,
    signal: _,
    ...rest
  } = read.data;
  if ([text, prompt, messages].filter((given) => given !== undefined).length !== 1) {
    throw new OptionError('prompt', 'and options messages and text: give exactly one of them.');
  }
  if (text !== undefined) checkAlone({ system, tools, documents });
  if (prompt === undefined && images.length > 0) {
    throw new OptionError(
      'images',
      'go with a prompt; put pictures into the messages as image parts.',
    );
  }
  const names = ['auto', ...drafters];
  if (!names.includes(rest.drafter)) {
    throw new OptionError('drafter', `must be ${names.join(', ')}.`);
  }
  const { temperature, topK, topP, minP, seed, logprobs, topLogprobs, prediction, ...others } =
    rest;
  const {
    logitBias,
    frequencyPenalty,
    presencePenalty,
    passes,
    readText,
    forget,
    responseFormat,
    ...limits
  } = others;
  if (topLogprobs !== undefined && !logprobs) {
    throw new OptionError('topLogprobs', 'goes with logprobs; give logprobs: true too.');
  }
  if (prediction !== undefined) checkPredicted(rest);
  checkTools(tools, toolChoice);
  checkFormat(responseFormat, rest.ignoreEos);
  const given = prompt === undefined ? messages : messagesFromPrompt(prompt, images);
  const bias = { byId: logitBias, frequency: frequencyPenalty, presence: presencePenalty };
  return {
    ...(text === undefined
      ? normaliseMessages(given, system)
      : { messages: [], images: [], given: text }),
    ...(changesLogits(bias) && { bias }),
    ...(passes && { passes }),
    ...(tools && { tools }),
    ...(toolChoice !== undefined && { toolChoice }),
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    ...(documents && { documents }),
    ...(prediction !== undefined && { prediction }),
    ...(readText !== undefined && { readText }),
    ...(forget && { forget }),
    ...(responseFormat && { responseFormat }),
    sampling: { temperature, topK, topP, minP, seed },
    ...limits,
    topLogprobs: logprobs ? (topLogprobs ?? 0) : null,
  };
}

/** What only a chat template has a place for. */
function checkAlone(beside: Readonly<Record<string, unknown>>): void {
  const name = Object.keys(beside).find((name) => beside[name] !== undefined);
  if (name !== undefined)
    throw new OptionError(name, 'goes with prompt or messages, not with text.');
}

/** A prediction that nobody would read is refused. */
function checkPredicted({ drafter, tree }: Pick<Request, 'drafter' | 'tree'>): void {
  const known = builtInDrafter(drafter);
  if (known !== undefined && (known.runs !== undefined || !known.drafts)) {
    throw new OptionError(
      'prediction',
      `is not read by drafter ${drafter}; use ${BESIDE.name} or auto.`,
    );
  }
  if (drafter === 'auto' && tree !== 'auto') {
    throw new OptionError('prediction', `goes with tree auto, or with drafter ${BESIDE.name}.`);
  }
}

function optionError(issue: z.core.$ZodIssue | undefined): OptionError {
  if (issue?.code === 'unrecognized_keys' && issue.path.length === 0) {
    return new OptionError(
      issue.keys.join(', '),
      'is not known; see GenerateOptions for those that are.',
    );
  }
  return new OptionError(String(issue?.path[0] ?? 'options'), issue?.message ?? 'is not valid.');
}

function isSignal(value: unknown): boolean {
  return value instanceof EventTarget && 'aborted' in value && typeof value.aborted === 'boolean';
}
