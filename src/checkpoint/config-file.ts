import { join } from 'node:path';
import { z } from 'zod';
import { parseFields } from '../contracts/config-fields.ts';
import { readJsonFile, readOptionalJsonFile } from '../files/json-file.ts';

const familySchema = z.object({ model_type: z.string() });

/** A folder's unread descriptions: parsed JSON, an empty object where a file is not there. */
export interface ConfigFolder {
  readonly dir: string;
  /** Of `config.json`, for messages. */
  readonly path: string;
  /** `model_type` of `config.json`. */
  readonly family: string;
  readonly config: unknown;
  /** `generation_config.json` */
  readonly generation: unknown;
  /** `processor_config.json` */
  readonly processor: unknown;
}

/** @throws CheckpointError where there is no `config.json` or it has no `model_type` */
export async function readConfigFolder(dir: string): Promise<ConfigFolder> {
  const path = join(dir, 'config.json');
  const config = await readJsonFile(path);
  const { model_type: family } = parseFields(path, familySchema, config);
  return {
    dir,
    path,
    family,
    config,
    generation: await readOptionalJsonFile(join(dir, 'generation_config.json')),
    processor: await readOptionalJsonFile(join(dir, 'processor_config.json')),
  };
}
