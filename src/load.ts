import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionError } from './contracts/errors.ts';
import type { GenerateEvent, GenerateOptions } from './contracts/generate.ts';
import { DEVICES, type LoadOptions, type LoadSettings, type ModelInfo } from './contracts/load.ts';
import { createEngine } from './engine/engine.ts';
import { eventStream } from './engine/event-stream.ts';
import { createNodeHost } from './engine/node/node-host.ts';
import { spawnEngine } from './engine/node/spawn-engine.ts';

/** A loaded target with its draft. */
export interface MsdModel {
  /** What was loaded and what runs it. */
  readonly info: ModelInfo;
  /**
   * Answers a request as a stream of events: `start`, `prefill`, `token`, `round`, and `done` with the result.
   * Leaving the loop, or the signal, cancels; several requests may run at once.
   * @throws OptionError, PromptError, PlaceholderError, ContextLengthError, ImageError, DrafterUnavailableError, …
   */
  generate(options: GenerateOptions): AsyncGenerator<GenerateEvent, void, undefined>;
  /** Gives the memory back. Running requests end as cancelled. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Loads a model folder and its draft; without options the embedded pair.
 * @throws CheckpointError, TensorsError, UnknownFamilyError, DraftMismatchError, NonFiniteWeightError, DeviceError, …
 */
export async function load(options: LoadOptions = {}): Promise<MsdModel> {
  const settings = resolveLoadOptions(options);
  const inPlace = async () => createEngine(await createNodeHost(settings), settings);
  const engine = await (options.thread === false ? inPlace() : spawnEngine(settings));
  return {
    info: engine.info,
    generate: (request) => eventStream(engine, request),
    dispose: () => engine.dispose(),
    [Symbol.asyncDispose]: () => engine.dispose(),
  };
}

/** The pair that comes with the package. */
const EMBEDDED = {
  model: fileURLToPath(new URL('../models/tiny/target', import.meta.url)),
  draft: fileURLToPath(new URL('../models/tiny/draft', import.meta.url)),
};

function resolveLoadOptions({ model, draft, device = 'cpu', threads }: LoadOptions): LoadSettings {
  if (!DEVICES.includes(device))
    throw new OptionError('device', `must be ${DEVICES.join(' or ')}.`);
  const count = threads ?? availableParallelism();
  if (!Number.isInteger(count) || count < 1 || count > 1024) {
    throw new OptionError('threads', 'must be a whole number from 1 to 1024.');
  }
  const embedded = model === undefined ? EMBEDDED.draft : null;
  return {
    model: model === undefined ? EMBEDDED.model : resolve(model),
    draft: draft === undefined ? embedded : resolve(draft),
    device,
    threads: count,
  };
}
