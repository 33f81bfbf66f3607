import { availableParallelism } from 'node:os';
import * as z from 'zod';
import type { CreateDrafter } from './contracts/drafter.ts';
import { OptionError } from './contracts/errors.ts';
import type { GenerateEvent, GenerateOptions, GenerateResult } from './contracts/generate.ts';
import {
  allParts,
  DEVICES,
  DRAFT_POSITIONS,
  type LoadOptions,
  type LoadSettings,
  MODEL_PARTS,
  type ModelInfo,
  type PartPrecisions,
  PRECISIONS,
  type Precision,
} from './contracts/load.ts';
import { DRAFTER_NAMES } from './draft/drafters.ts';
import { eventStream } from './engine/border/event-stream.ts';
import { wholeAnswer } from './engine/border/whole-answer.ts';
import type { Engine } from './engine/engine.ts';
import { spawnEngine } from './engine/node/spawn-engine.ts';
import { packageFile } from './files/package-file.ts';
import { resolveModel } from './hub/resolve-model.ts';
import { readPicture } from './input/node/read-picture.ts';

/** A loaded target with its draft. */
export interface MsdModel {
  /** What was loaded and what runs it. */
  readonly info: ModelInfo;
  /**
   * Answers a request as a stream of events: `start`, then `prefill` for each chunk of the prompt, `token` for each
   * token, `round` after the tokens of each pass, and last `done` with the result. Leaving the loop, or aborting
   * `options.signal`, ends the answer within a pass; the signal's `done` then says `cancelled`, with the text so far.
   * Several requests may run at once: their rounds take turns.
   *
   * Errors come out of the loop: OptionError, PromptError, ImageError, ChatTemplateError, PlaceholderError,
   * ContextLengthError, DrafterUnavailableError, NonFiniteFeatureError, DisposedError, EngineLostError. The model stays
   * usable after all but the last two.
   */
  generate(options: GenerateOptions): AsyncGenerator<GenerateEvent, void, undefined>;
  /**
   * The same as one promise of the result, for those who don't stream. An aborted signal ends it as `cancelled`, with the
   * text so far.
   */
  complete(options: GenerateOptions): Promise<GenerateResult>;
  /** Lets go of what the model held likely in earlier answers, by which later ones are guessed. It changes no word. */
  forget(): void;
  /** Gives the memory back. Running requests end as cancelled; later ones fail with DisposedError. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Loads a model and its draft, from folders or the Hugging Face cache; without options the model that comes with the package. The first load on a machine
 * takes up to half a second more, to time the model, and what converting takes.
 * @throws OptionError, ModelNotFoundError, CheckpointError, TensorsError, NonFiniteWeightError, UnknownFamilyError, DraftMismatchError,
 * TokenizerError, ChatTemplateError, DeviceError, MemoryError, DiskSpaceError
 */
export async function load(options: LoadOptions = {}): Promise<MsdModel> {
  const { thread, onProgress, drafters, ...settings } = resolveLoadOptions(options);
  const engine = thread
    ? await spawnEngine(settings, onProgress)
    : await engineInPlace(settings, { onProgress, drafters });
  return {
    info: engine.info,
    generate: (request) => eventStream(engine, request, readPicture),
    complete: (request) => wholeAnswer(eventStream(engine, request, readPicture)),
    forget: () => engine.forget(),
    dispose: () => engine.dispose(),
    [Symbol.asyncDispose]: () => engine.dispose(),
  };
}

/** Functions, which no other thread can be given. */
interface InPlace {
  readonly onProgress?: LoadOptions['onProgress'] | undefined;
  readonly drafters?: LoadOptions['drafters'] | undefined;
}

/** The engine and its native packages are loaded only in the thread that needs them. */
async function engineInPlace(
  settings: LoadSettings,
  { onProgress, drafters = {} }: InPlace,
): Promise<Engine> {
  const { createEngine } = await import('./engine/engine.ts');
  const { createNodeHost } = await import('./engine/node/node-host.ts');
  return createEngine(await createNodeHost(settings, onProgress), settings, { drafters });
}

/** The model that comes with the package: in blocks, which are converted for the processor at the first load. */
const EMBEDDED = { model: 'models/glance', precision: 'w8a8' } as const;

const FOLDER = 'must be the path of a folder, or the name of a model in the cache.';
const PRECISION = `must be ${PRECISIONS.join(', ')}, or one of them by part: ${MODEL_PARTS.join(', ')}.`;
const precision = z.enum(PRECISIONS, PRECISION);
const byPart = z.partialRecord(z.enum(MODEL_PARTS), precision, PRECISION);
const OWN = 'must hold functions that make drafters, by name.';
const THREADS = 'must be a whole number from 1 to 1024.';

const schema = z.strictObject(
  {
    model: z.string(FOLDER).min(1, FOLDER).optional(),
    draft: z.string(FOLDER).min(1, FOLDER).optional(),
    device: z.enum(DEVICES, `must be ${DEVICES.join(' or ')}.`).default('cpu'),
    precision: z.union([precision, byPart], PRECISION).optional(),
    onProgress: z
      .custom<NonNullable<LoadOptions['onProgress']>>(
        (value) => typeof value === 'function',
        'must be a function.',
      )
      .optional(),
    drafters: z
      .record(
        z.string(),
        z.custom<CreateDrafter>((value) => typeof value === 'function', OWN),
        OWN,
      )
      .optional(),
    threads: z.int(THREADS).min(1, THREADS).max(1024, THREADS).default(availableParallelism),
    draftPositions: z
      .enum(DRAFT_POSITIONS, `must be ${DRAFT_POSITIONS.join(' or ')}.`)
      .default('published'),
    force: z.boolean('must be true or false.').default(false),
    thread: z.boolean('must be true or false.').default(true),
  },
  'must be an object, as { model }.',
);

/**
 * Fills in the defaults, and finds the folders.
 * @throws OptionError naming the option; ModelNotFoundError
 */
export function resolveLoadOptions(
  options: LoadOptions,
): LoadSettings & { thread: boolean } & InPlace {
  const read = schema.safeParse(options);
  if (!read.success) {
    const [issue] = read.error.issues;
    const isUnknown = issue?.code === 'unrecognized_keys' && issue.path.length === 0;
    const unknown = isUnknown ? issue.keys.join(', ') : undefined;
    throw unknown === undefined
      ? new OptionError(String(issue?.path[0] ?? 'options'), issue?.message ?? 'is not valid.')
      : new OptionError(unknown, 'is not known; see LoadOptions for those that are.');
  }
  const { model, draft, onProgress, drafters, precision: asked, ...rest } = read.data;
  const precision = precisionOf(asked, model);
  const beyond = Object.values(precision).find((one) => one !== 'fp32');
  if (beyond !== undefined && rest.device !== 'cpu') {
    const other = model === undefined ? ', or give another model' : '';
    const problem = `has ${beyond}, which runs on the cpu alone; use device cpu${other}.`;
    throw new OptionError('precision', problem);
  }
  checkOwn(Object.keys(drafters ?? {}), rest.thread);
  return {
    model: model === undefined ? packageFile(EMBEDDED.model) : resolveModel(model),
    draft: draft === undefined ? null : resolveModel(draft),
    ...rest,
    precision,
    ...(onProgress !== undefined && { onProgress }),
    ...(drafters !== undefined && { drafters }),
  };
}

function precisionOf(
  asked: Precision | PartPrecisions | undefined,
  model: string | undefined,
): PartPrecisions {
  if (typeof asked === 'object') return asked;
  return allParts(asked ?? (model === undefined ? EMBEDDED.precision : 'fp32'));
}

function checkOwn(names: readonly string[], thread: boolean): void {
  const taken = names.find((name) => ['auto', ...DRAFTER_NAMES].includes(name));
  if (taken !== undefined)
    throw new OptionError('drafters', `holds ${taken}, which is there already.`);
  if (names.length === 0 || !thread) return;
  throw new OptionError('drafters', "run in the caller's thread alone; give thread: false too.");
}
