import type { TensorRef } from '../../contracts/checkpoint.ts';
import { ConfigError } from '../../contracts/errors.ts';
import type { Host } from '../../engine/host.ts';
import type { Model } from '../../engine/model.ts';
import { hashFile } from '../../files/hash-file.ts';
import { type Material, readMaterial } from '../data/read-material.ts';
import { openFeatureCache } from '../features/feature-cache.ts';
import { createFeatureSource, type FeatureSource } from '../features/feature-source.ts';
import { openTeacher } from '../open-teacher.ts';
import { countOf, hashesOf, paceOf, type Training } from '../training.ts';
import type { DraftTraining } from './draft-config.ts';
import { createDraftCourse } from './draft-course.ts';
import { openTeaching, settle } from './draft-methods.ts';
import type { OpenDrafter } from './draft-teaching.ts';

const GIB = 2 ** 30;

/** What trainings of drafts for one target on the same data share. */
export interface DraftContext {
  readonly host: Host;
  readonly model: Model;
  readonly material: Material;
  readonly featureSource: FeatureSource;
  /** SHA-256 of the files that are learned from. */
  readonly data: Readonly<Record<string, string>>;
  readonly dispose: () => Promise<void>;
}

/**
 * Loads the target and reads the data.
 * @param onWarning told once each of what goes wrong with the feature cache
 * @throws TrainingDataError, and whatever loading a model throws
 */
export async function openDraftContext(
  config: DraftTraining,
  onWarning: (message: string) => void,
): Promise<DraftContext> {
  const { host, model } = await openTeacher(config);
  try {
    const material = await readMaterial(config.data, model, config.seed);
    const featureSource = await openFeatureSource(config, model, host.decodeImage, onWarning);
    const data = await hashesOf(material, model.files.tensors.values());
    return { host, model, material, featureSource, data, dispose: () => model.dispose() };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

/** A training of a draft, which can be decoded with as it stands. */
export interface DraftRun extends Training {
  readonly openDrafter: () => Promise<OpenDrafter>;
}

/**
 * Makes a draft's networks for a training in that context, which stays open after the training's `dispose`.
 * @throws ConfigError where the data lack what the curriculum needs
 */
export async function draftTrainingOn(
  context: DraftContext,
  config: DraftTraining,
): Promise<DraftRun> {
  const { model, material } = context;
  const steps = stepsOf(config, material);
  const settled = settle(config, steps);
  const setup = { ...context, config: settled };
  const teaching = await openTeaching(setup);
  const course = createDraftCourse(setup, teaching);
  return {
    trains: 'draft',
    course,
    featureBytes: featureBytes(config, material, teaching.hiddenSize),
    pace: paceOf(steps, config),
    material,
    data: await withHashes(context.data, teaching.reads),
    config: { ...settled },
    facts: {
      model: model.info.model,
      ...(config.draft.from !== undefined && { draft: config.draft.from }),
      precision: model.info.precision,
      device: model.info.device,
      threads: config.threads,
      parameters: countOf(teaching.weights),
    },
    openDrafter: teaching.openDrafter,
    dispose: course.dispose,
  };
}

/** The hashes, and those of the files that tensors are in. */
async function withHashes(
  known: DraftContext['data'],
  tensors: readonly TensorRef[],
): Promise<DraftContext['data']> {
  const all = { ...known };
  for (const { path } of tensors) all[path] ??= await hashFile(path);
  return all;
}

/** Context and training in one. */
export async function openDraftTraining(
  config: DraftTraining,
  onWarning: (message: string) => void,
): Promise<Training> {
  const context = await openDraftContext(config, onWarning);
  try {
    const training = await draftTrainingOn(context, config);
    const dispose = () => training.dispose().then(context.dispose);
    return { ...training, dispose };
  } catch (error) {
    await context.dispose();
    throw error;
  }
}

/** Features and visual embeddings of all dialogues, up to the limit. */
function featureBytes(
  { cache }: DraftTraining,
  { training, validation }: Material,
  hiddenSize: number,
): number {
  const dialogues = [training, validation].flatMap(({ text, visual }) => [...text, ...visual]);
  const rows = dialogues.reduce(
    (sum, { tokens: { ids, spans } }) =>
      sum + ids.length + spans.reduce((pictures, { length }) => pictures + length, 0),
    0,
  );
  return Math.min(cache.memoryGigabytes * GIB, 4 * rows * hiddenSize);
}

function openFeatureSource(
  { cache }: DraftTraining,
  model: Model,
  decodeImage: Parameters<typeof createFeatureSource>[0]['decodeImage'],
  onWarning: (message: string) => void,
): Promise<FeatureSource> {
  const memoryBytes = cache.memoryGigabytes * GIB;
  const plain = { model, decodeImage, memoryBytes };
  if (cache.dir === undefined) return Promise.resolve(createFeatureSource(plain));
  const limitBytes = cache.gigabytes * GIB;
  const now = () => new Date();
  return openFeatureCache({ folder: cache.dir, limitBytes, now, onWarning }).then((opened) =>
    createFeatureSource({ ...plain, cache: opened }),
  );
}

/** The run's length: as asked for, or as many passes over the smaller kind as the curriculum has epochs. */
function stepsOf({ steps, curriculum, batch }: DraftTraining, { training }: Material): number {
  const needs = { text: curriculum.kind !== 'visual', visual: curriculum.kind !== 'text' };
  const missing = (['text', 'visual'] as const).filter(
    (kind) => needs[kind] && training[kind].length === 0,
  );
  if (missing.length > 0) {
    const lacks = missing.map((kind) => (kind === 'text' ? 'without' : 'with')).join(' or ');
    const left = (['text', 'visual'] as const).find((kind) => training[kind].length > 0);
    const or =
      left === undefined ? '' : `, or set curriculum.kind=${left} to learn from the others alone`;
    throw new ConfigError(
      'curriculum.kind',
      `${curriculum.kind} needs training dialogues ${lacks} pictures, and there are none; add some${or}.`,
    );
  }
  const lengths = (['text', 'visual'] as const)
    .filter((kind) => needs[kind])
    .map((kind) => training[kind].length);
  return steps ?? curriculum.epochs * Math.max(1, Math.floor(Math.min(...lengths) / batch));
}
