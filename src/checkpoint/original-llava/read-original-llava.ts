/**
 * A target in the layout of LLaVA's own code (liuhaotian/llava-v1.5-7b), read as if Hugging Face had published it: the
 * language model and the projector in the folder, the vision tower and how pictures become pixels in the tower's.
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { LlavaConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { parseFields } from '../../contracts/config-fields.ts';
import { CheckpointError } from '../../contracts/errors.ts';
import {
  type OriginalLlava,
  originalLlava,
  originalLlavaTensors,
} from '../../families/llava/original/original-llava.ts';
import { llavaConfig } from '../../families/llava-parts/llava-parts.ts';
import { fileExists, readJsonFile } from '../../files/json-file.ts';
import { cachedSnapshot } from '../../hub/cached-snapshot.ts';
import { hubCache, type Variables } from '../../hub/hub-environment.ts';
import { parseModelName } from '../../hub/model-name.ts';
import type { ConfigFolder } from '../config-file.ts';
import { findVisionTower } from '../find-vision-tower.ts';
import { readInputFiles } from '../model-files.ts';
import { selectTargetTensors } from '../target-files.ts';
import { readTensorTable } from '../tensor-table.ts';

type InputFiles = Awaited<ReturnType<typeof readInputFiles>>;

interface OriginalTarget extends InputFiles {
  readonly tokenizerConfig: Readonly<Record<string, unknown>>;
  readonly config: LlavaConfig;
  readonly tensors: ReadonlyMap<string, TensorRef>;
}

/**
 * @param folder of the model
 * @param towerName of its vision tower, as originalTowerName has it
 * @param env says where the Hugging Face cache is
 * @throws CheckpointError, which says so where the tower or `tokenizer.json` is missing; TensorsError
 */
export async function readOriginalLlava(
  folder: ConfigFolder,
  towerName: string,
  env: Variables = process.env,
): Promise<OriginalTarget> {
  const { dir, path } = folder;
  const towerDir = await findVisionTower(dir, towerName, (model) => {
    const name = parseModelName(model);
    return name && cachedSnapshot(hubCache(env), name);
  });
  const towerPath = join(towerDir, 'config.json');
  const read = originalLlava(path, folder.config, towerPath, await readJsonFile(towerPath));
  const config = llavaConfig({ ...folder, family: 'llava', config: read.config });
  const [own, tower] = [await readTensorTable(dir), await readTensorTable(towerDir)];
  return {
    ...(await inputFiles(dir, towerDir, read.aspectRatio, config.decoder.vocabSize)),
    config,
    tensors: selectTargetTensors(originalLlavaTensors(dir, own, tower), config, dir),
  };
}

const PREPROCESSOR = 'preprocessor_config.json';

async function inputFiles(
  dir: string,
  towerDir: string,
  aspectRatio: OriginalLlava['aspectRatio'],
  vocabSize: number,
): Promise<Omit<OriginalTarget, 'config' | 'tensors'>> {
  const tokenizerPath = join(dir, 'tokenizer.json');
  if (!(await fileExists(tokenizerPath))) throw withoutTokenizer(tokenizerPath);
  const files = await readInputFiles(dir, false);
  const path = join((await fileExists(join(dir, PREPROCESSOR))) ? dir : towerDir, PREPROCESSOR);
  const preprocessor = await readJsonFile(path);
  return {
    ...files,
    tokenizer: withinVocabulary(tokenizerPath, files.tokenizer, vocabSize),
    tokenizerConfig: parseFields(
      join(dir, 'tokenizer_config.json'),
      z.record(z.string(), z.unknown()),
      files.tokenizerConfig,
    ),
    preprocessorConfig: aspectRatio === 'pad' ? padding(path, preprocessor) : preprocessor,
  };
}

function withoutTokenizer(path: string): CheckpointError {
  return new CheckpointError(
    path,
    'there is no such file, and tokenizer.model is not read; put the tokenizer.json of the same language model here (for LLaVA 1.5 that of llava-hf/llava-1.5-7b-hf).',
  );
}

const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int() })).default([]),
});

/** Conversions add tokens of their own (`<image>`, `<pad>`) behind the original vocabulary; here no row stands for them. */
function withinVocabulary(path: string, tokenizer: unknown, vocabSize: number): unknown {
  const fields = parseFields(path, tokenizerSchema, tokenizer);
  return { ...fields, added_tokens: fields.added_tokens.filter(({ id }) => id < vocabSize) };
}

const clipProcessor = z.string().regex(/^CLIP/).optional();
const preprocessorSchema = z.looseObject({
  image_processor_type: clipProcessor,
  feature_extractor_type: clipProcessor,
});

/** Hugging Face's LlavaImageProcessor is CLIP's with the padding of the original code. */
function padding(path: string, preprocessor: unknown): unknown {
  const fields = parseFields(path, preprocessorSchema, preprocessor);
  return { ...fields, image_processor_type: 'LlavaImageProcessor', do_pad: true };
}
