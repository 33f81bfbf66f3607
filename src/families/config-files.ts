import * as z from 'zod';
import { parseFields } from '../contracts/config-fields.ts';
import { CheckpointError } from '../contracts/errors.ts';
import type { JsonFile, ModelFolder } from '../contracts/model-folder.ts';
import { refuseQuantised } from './quantised.ts';

/** What describes a target; the value of a file that is not there is an empty object. */
export interface ConfigFiles {
  /** `model_type` of `config.json` */
  readonly family: string;
  /** `config.json` */
  readonly config: JsonFile;
  /** `generation_config.json` */
  readonly generation: JsonFile;
  /** `processor_config.json` */
  readonly processor: JsonFile;
}

const familySchema = z.object({ model_type: z.string() });

/** @throws CheckpointError where there is no `config.json` or it has no `model_type` */
export async function readConfigFiles(folder: ModelFolder): Promise<ConfigFiles> {
  const config = await requiredJson(folder, 'config.json');
  const { model_type: family } = parseFields(config.path, familySchema, config.value);
  refuseQuantised(config);
  return {
    family,
    config,
    generation: await optionalJson(folder, 'generation_config.json'),
    processor: await optionalJson(folder, 'processor_config.json'),
  };
}

/** @throws CheckpointError where there is no such file */
export async function requiredJson(folder: ModelFolder, file: string): Promise<JsonFile> {
  const json = await folder.json(file);
  if (json.value !== undefined) return json;
  throw new CheckpointError(
    json.path,
    'there is no such file; check the path or fetch the model again.',
  );
}

const processorSchema = z.looseObject({ image_processor: z.looseObject({}).nullish() });

/**
 * The settings of the image processor: transformers 5 writes them into `processor_config.json`, older versions into
 * `preprocessor_config.json`. Where both stand, the former goes first, as there.
 */
export async function imageProcessor(
  folder: ModelFolder,
  { path, value }: JsonFile,
  readsPictures: boolean,
): Promise<JsonFile> {
  const { image_processor: settings } = parseFields(path, processorSchema, value);
  if (settings) return { path, value: settings };
  return (readsPictures ? requiredJson : optionalJson)(folder, 'preprocessor_config.json');
}

/** An empty object where there is no such file. */
export async function optionalJson(folder: ModelFolder, file: string): Promise<JsonFile> {
  const { path, value = {} } = await folder.json(file);
  return { path, value };
}
