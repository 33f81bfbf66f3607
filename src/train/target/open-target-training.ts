import { join } from 'node:path';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { isBlockDtype, type TensorRef } from '../../contracts/checkpoint.ts';
import { ConfigError } from '../../contracts/errors.ts';
import { openInputs } from '../../engine/load/load-model.ts';
import { createNodeHost } from '../../engine/node/node-host.ts';
import { familyOf, storedShapes } from '../../families/families.ts';
import { readTargetConfig } from '../../families/read-target.ts';
import { fileExists } from '../../files/json-file.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { newLearner } from '../../learn/learner.ts';
import { initialTarget } from '../../learn/target/initial-target.ts';
import { type TargetWeights, takeWeights } from '../../learn/target/take-weights.ts';
import { writeSafetensors } from '../../safetensors/write-safetensors.ts';
import { readMaterial } from '../data/read-material.ts';
import { countOf, hashesOf, paceOf, type Training } from '../training.ts';
import { copyOthers } from './publish-target.ts';
import type { TargetTraining } from './target-config.ts';
import { createTargetCourse } from './target-course.ts';
import { targetNetworks } from './target-networks.ts';

/**
 * Reads the target and the data and makes the networks.
 * @param out folder of the run; a target from scratch is written into it first, unless it stands there
 * @throws TrainingDataError, and whatever reading a model folder throws
 */
export async function openTargetTraining(config: TargetTraining, out: string): Promise<Training> {
  const { threads, seed } = config;
  const from = config.fromScratch ? await randomTarget(config, join(out, INITIAL)) : config.model;
  const settings = { model: from, draft: null, device: 'cpu', threads } as const;
  const host = await createNodeHost({ ...settings, idle: 'spin' }); // one session takes all steps
  const model = await openInputs(host, from);
  requireWide(model.files.tensors.values());
  const material = await readMaterial(config.data, model, seed);
  const steps = config.steps ?? onePass(config, material.training);
  const networks = targetNetworks(model.files.config);
  requireLayers(config, networks.decoder.layers);
  const taken = await takeWeights(networks, model.files.tensors, config, readFloats);
  requireLearning(config, taken);
  const learner = newLearner(taken.weights);
  const { pictures } = model;
  const setup = { host, networks, pictures, from, material, taken, learner, config, steps };
  const course = await createTargetCourse(setup);
  return {
    trains: 'target',
    course,
    featureBytes: 0,
    pace: paceOf(steps, config),
    material,
    data: await hashesOf(material, model.files.tensors.values()),
    config: { ...config, steps },
    facts: {
      model: config.model,
      precision: 'fp32',
      device: 'cpu',
      threads,
      parameters: countOf(taken.weights),
    },
    dispose: course.dispose,
  };
}

/** Blocks are made for running: what learns, and what it learns through, is read as it is stored. */
function requireWide(tensors: Iterable<TensorRef>): void {
  const inBlocks = [...tensors].find(({ dtype }) => isBlockDtype(dtype));
  if (inBlocks === undefined) return;
  throw new ConfigError(
    'model',
    `its weights lie in blocks (${inBlocks.dtype}), which can not learn; export the folder as F32 first.`,
  );
}

function requireLayers({ layers, recompute }: TargetTraining, count: number): void {
  if (layers === undefined) return;
  if (layers[1] >= count) {
    throw new ConfigError(
      'layers',
      `ends at ${layers[1]}, and the decoder's last layer is ${count - 1}; name others.`,
    );
  }
  if (recompute) {
    throw new ConfigError(
      'layers',
      'can not be chosen where layers are recomputed; leave out one.',
    );
  }
}

function requireLearning({ learn }: TargetTraining, { weights }: TargetWeights): void {
  if (weights.size > 0) return;
  const parts = Object.keys(learn).join(', ');
  throw new ConfigError(
    'learn',
    `names ${parts}, and this target has nothing of it; name another part.`,
  );
}

/** Where a target from scratch stands as it began. */
export const INITIAL = 'initial';

const onePass = (
  { batch }: TargetTraining,
  { text, visual }: { text: readonly unknown[]; visual: readonly unknown[] },
): number => Math.max(1, Math.ceil((text.length + visual.length) / batch));

/** A folder with the configuration, tokenizer and processor of the model's and random weights. */
async function randomTarget({ model, seed }: TargetTraining, dir: string): Promise<string> {
  const weights = join(dir, 'model.safetensors');
  if (await fileExists(weights)) return dir;
  await makeFolder(dir);
  await copyOthers(model, dir);
  const config = await readTargetConfig(modelFolder(dir));
  const { initialSpread } = familyOf(config);
  const spreadOf = (name: string) => initialSpread?.(config, name);
  const tensors = [...initialTarget(storedShapes(config), spreadOf, seed)];
  await writeSafetensors(
    weights,
    tensors.map((tensor) => ({ ...tensor, dtype: 'F32' })),
    { format: 'pt' },
  );
  return dir;
}
