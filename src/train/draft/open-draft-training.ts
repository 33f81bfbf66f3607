import { matchDraft, readDraft } from '../../checkpoint/drafts/draft.ts';
import type { DraftConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { ConfigError } from '../../contracts/errors.ts';
import type { Host } from '../../engine/host.ts';
import { loadModel } from '../../engine/load/load-model.ts';
import type { Model } from '../../engine/model.ts';
import { createNodeHost } from '../../engine/node/node-host.ts';
import { decoderOf } from '../../families/families.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import { hashFile } from '../../files/hash-file.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { resolveLoadOptions } from '../../load.ts';
import { type Material, readMaterial } from '../data/read-material.ts';
import { openFeatureCache } from '../features/feature-cache.ts';
import { createFeatureSource, type FeatureSource } from '../features/feature-source.ts';
import { llavaOnly } from '../llava-only.ts';
import { newLearner } from '../loop/learner-state.ts';
import { countOf, hashesOf, paceOf, type Training } from '../training.ts';
import type { DraftTraining } from './draft-config.ts';
import { createDraftCourse } from './draft-course.ts';
import { headTokens } from './head-tokens.ts';
import { EMBEDDING, initialDraft } from './initial-draft.ts';

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
  const { threads, seed } = config;
  const options = { threads, ...(config.model !== undefined && { model: config.model }) };
  const { thread: _, ...loaded } = resolveLoadOptions(options);
  const settings = { ...loaded, draft: null };
  const host = await createNodeHost(settings);
  const model = await loadModel(host, settings);
  try {
    const material = await readMaterial(config.data, model, seed);
    const featureSource = await openFeatureSource(config, model, host.decodeImage, onWarning);
    const data = await hashesOf(material, model.files.tensors.values());
    return { host, model, material, featureSource, data, dispose: () => model.dispose() };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

/**
 * Makes a draft's networks for a training in that context, which stays open after the training's `dispose`.
 * @throws ConfigError where the data lack what the curriculum needs
 */
export async function draftTrainingOn(
  context: DraftContext,
  config: DraftTraining,
): Promise<Training> {
  const { host, model, material, featureSource } = context;
  const steps = stepsOf(config, material);
  const begin = await beginning(config, model, material);
  const learner = newLearner(begin.weights);
  const { head } = decoderOf(model.files);
  const tables = { embedding: begin.embedding, head };
  const draft = begin.config;
  const setup = { host, model, tables, featureSource, material, draft, learner, config, steps };
  const course = await createDraftCourse(setup);
  const { path } = begin.embedding;
  return {
    trains: 'draft',
    course,
    featureBytes: featureBytes(config, material, draft.hiddenSize),
    pace: paceOf(steps, config),
    material,
    data: { ...context.data, [path]: context.data[path] ?? (await hashFile(path)) },
    config: { ...config, steps },
    facts: {
      model: model.info.model,
      ...(config.draft.from !== undefined && { draft: config.draft.from }),
      precision: 'fp32',
      device: model.info.device,
      threads: config.threads,
      parameters: countOf(begin.weights),
    },
    dispose: course.dispose,
  };
}

/** Ground and training in one. */
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
    throw new ConfigError(
      'curriculum.kind',
      `${curriculum.kind} needs training dialogues ${lacks} pictures, and there are none; add some, or choose another curriculum.`,
    );
  }
  const lengths = (['text', 'visual'] as const)
    .filter((kind) => needs[kind])
    .map((kind) => training[kind].length);
  return steps ?? curriculum.epochs * Math.max(1, Math.floor(Math.min(...lengths) / batch));
}

/** The draft to begin with: the one of a folder, or a new one for the target. */
async function beginning(
  { draft, seed }: DraftTraining,
  { files }: Model,
  { training }: Material,
): Promise<{ config: DraftConfig; embedding: TensorRef; weights: Map<string, Float32Array> }> {
  if (draft.from !== undefined) {
    const { config, tensors } = await readDraft(draft.from);
    matchDraft(config, files.config);
    if (config.family !== 'llava' || config.ropeScaling !== undefined) {
      throw new ConfigError('draft.from', 'must be an MSD draft of LLaVA without RoPE scaling.');
    }
    const weights = new Map<string, Float32Array>();
    for (const [name, ref] of tensors) {
      if (name !== EMBEDDING) weights.set(name, await readFloats(ref));
    }
    return { config, embedding: tensors.get(EMBEDDING) as TensorRef, weights };
  }
  const all = [...training.text, ...training.visual].map(({ tokens }) => tokens);
  const sizes = draftConfigFor(llavaOnly(files.config), draft);
  const config =
    draft.headTokens === 0 || draft.headTokens >= sizes.vocabSize
      ? sizes
      : { ...sizes, headTokenIds: headTokens(all, draft.headTokens, sizes.vocabSize) };
  const embedding = files.tensors.get('language_model.model.embed_tokens.weight') as TensorRef;
  return { config, embedding, weights: initialDraft(config, seed) };
}

/** Sizes of a draft for a target: a layer of the official form, whatever biases and stretched positions the target has. */
function draftConfigFor(
  { decoder }: LlavaConfig,
  { intermediateSize }: DraftTraining['draft'],
): DraftConfig {
  const { hiddenSize, heads, kvHeads, headDim, vocabSize } = decoder;
  const { rmsNormEps, ropeTheta, contextLength } = decoder;
  return {
    family: 'llava',
    hiddenSize,
    heads,
    kvHeads,
    headDim,
    vocabSize,
    rmsNormEps,
    ropeTheta,
    contextLength,
    fcBias: true,
    intermediateSize: intermediateSize ?? decoder.intermediateSize,
  };
}
