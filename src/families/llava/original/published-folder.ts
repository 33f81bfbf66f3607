import * as z from 'zod';
import { parseFields } from '../../../contracts/config-fields.ts';
import { CheckpointError } from '../../../contracts/errors.ts';
import type { JsonFile, ModelFolder } from '../../../contracts/model-folder.ts';
import { optionalJson, readConfigFiles, requiredJson } from '../../config-files.ts';
import { llavaConfig } from '../llava-config.ts';
import { originalLlava, originalLlavaTensors, originalTowerName } from './original-llava.ts';
import { ORIGINAL_LLAVA_TEMPLATE } from './original-llava-template.ts';

/**
 * A folder in the layout of LLaVA's own code (liuhaotian/llava-v1.5-7b), as if Hugging Face had published it: the
 * language model and the projector are its own, the vision tower and how pictures become pixels the tower's folder's.
 * Any other folder is as it was.
 * @throws CheckpointError where the tower is missing; reading says so where `tokenizer.json` is
 */
export async function publishedFolder(folder: ModelFolder): Promise<ModelFolder> {
  const own = await folder.json('config.json');
  const towerName = originalTowerName(own.value);
  if (towerName === undefined) return folder;
  const tower = await folder.tower(towerName);
  const { config, aspectRatio } = originalLlava(own, await requiredJson(tower, 'config.json'));
  const published: ModelFolder = {
    ...folder,
    async json(file) {
      switch (file) {
        case 'config.json':
          return { path: own.path, value: config };
        case 'tokenizer.json': {
          const { decoder } = llavaConfig(await readConfigFiles(published));
          return withinVocabulary(await folder.json(file), decoder.vocabSize);
        }
        case 'tokenizer_config.json':
          return withTemplate(await optionalJson(folder, file));
        case 'preprocessor_config.json': {
          const given = await folder.json(file);
          const processor = given.value === undefined ? await requiredJson(tower, file) : given;
          return aspectRatio === 'pad' ? padding(processor) : processor;
        }
        default:
          return folder.json(file);
      }
    },
    tensors: async () =>
      originalLlavaTensors(folder.path, await folder.tensors(), await tower.tensors()),
  };
  return published;
}

const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.int() })).default([]),
});

/** Conversions add tokens of their own (`<image>`, `<pad>`) behind the original vocabulary; here no row stands for them. */
function withinVocabulary({ path, value }: JsonFile, vocabSize: number): JsonFile {
  if (value === undefined) {
    throw new CheckpointError(
      path,
      'there is no such file, and tokenizer.model is not read; put the tokenizer.json of the same language model here (for LLaVA 1.5 that of llava-hf/llava-1.5-7b-hf).',
    );
  }
  const fields = parseFields(path, tokenizerSchema, value);
  const added_tokens = fields.added_tokens.filter(({ id }) => id < vocabSize);
  return { path, value: { ...fields, added_tokens } };
}

/** The original code holds its conversation itself, so that its folders have no chat template. */
function withTemplate({ path, value }: JsonFile): JsonFile {
  const fields = parseFields(path, z.record(z.string(), z.unknown()), value);
  return { path, value: { chat_template: ORIGINAL_LLAVA_TEMPLATE, ...fields } };
}

const clipProcessor = z.string().regex(/^CLIP/).optional();
const preprocessorSchema = z.looseObject({
  image_processor_type: clipProcessor,
  feature_extractor_type: clipProcessor,
});

/** Hugging Face's LlavaImageProcessor is CLIP's with the padding of the original code. */
function padding({ path, value }: JsonFile): JsonFile {
  const fields = parseFields(path, preprocessorSchema, value);
  const processor = { image_processor_type: 'LlavaImageProcessor', do_pad: true };
  return { path, value: { ...fields, ...processor } };
}
