import { join } from 'node:path';
import { z } from 'zod';
import { UnknownFamilyError } from '../contracts/errors.ts';
import { parseFields } from './config-fields.ts';
import { readJsonFile } from './json-file.ts';

const FAMILY = 'llava';

const familySchema = z.object({ model_type: z.string() });

/**
 * The unread fields of a folder's `config.json`, whose `model_type` is one that this version runs.
 * @throws UnknownFamilyError, or CheckpointError where there is no such file or no such field.
 */
export async function readConfigFile(dir: string) {
  const path = join(dir, 'config.json');
  const raw = await readJsonFile(path);
  const { model_type: family } = parseFields(path, familySchema, raw);
  if (family !== FAMILY) throw new UnknownFamilyError(path, family, [FAMILY]);
  return { path, raw, family } as const;
}
