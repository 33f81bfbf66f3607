import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ModelNotFoundError } from '../contracts/errors.ts';
import { cachedSnapshot } from './cached-snapshot.ts';
import { hubCache, type Variables } from './hub-environment.ts';
import { parseModelName } from './model-name.ts';

/**
 * The folder that a name or a path means: what stands at the path, else the snapshot of `owner/name[@revision]` in the
 * Hugging Face cache. Nothing is downloaded.
 * @param folder where relative paths begin. Default: the working folder
 * @returns an absolute path
 * @throws ModelNotFoundError
 */
export function resolveModel(
  nameOrPath: string,
  folder = '.',
  env: Variables = process.env,
): string {
  const path = resolve(folder, nameOrPath);
  if (existsSync(path)) return path;
  const page = nameOfPage(nameOrPath);
  if (page !== undefined) {
    throw new ModelNotFoundError(
      nameOrPath,
      `this is the address of a model; it goes by the name ${page}.`,
      {
        remedy: { kind: 'fetch-model', model: page },
      },
    );
  }
  const name = parseModelName(nameOrPath);
  if (name === undefined) {
    throw new ModelNotFoundError(path, 'there is no such file or folder; check the path.');
  }
  const cache = hubCache(env);
  const snapshot = cachedSnapshot(cache, name);
  if (snapshot !== undefined) return resolve(snapshot);
  throw new ModelNotFoundError(
    nameOrPath,
    `there is no such file or folder, and no such model in ${cache}; check the path, or fetch the model.`,
    { remedy: { kind: 'fetch-model', model: nameOrPath } },
  );
}

/** The model that an address of the hub leads to. */
function nameOfPage(text: string): string | undefined {
  const page = text.match(
    /^(?:(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/|hf:\/\/)(?:models\/)?([\w.-]+\/[\w.-]+)/,
  );
  return page?.[1];
}
