import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TensorRef } from '../contracts/checkpoint.ts';
import type { ModelFolder } from '../contracts/model-folder.ts';
import { ioError } from '../files/io-error.ts';
import { fileExists, readJsonFile } from '../files/json-file.ts';
import { cachedSnapshot } from '../hub/cached-snapshot.ts';
import { hubCache, type Variables } from '../hub/hub-environment.ts';
import { parseModelName } from '../hub/model-name.ts';
import { readNumbers } from '../safetensors/read-numbers.ts';
import { checkLink } from './check-link.ts';
import { findVisionTower } from './find-vision-tower.ts';
import { refuseMistake } from './mistakes/refuse-mistake.ts';
import { readTensorTable } from './tensor-table.ts';

/**
 * A model's folder on disk.
 * @param env says where the Hugging Face cache is
 */
export function modelFolder(dir: string, env: Variables = process.env): ModelFolder {
  const cached = (model: string) => {
    const name = parseModelName(model);
    return name && cachedSnapshot(hubCache(env), name);
  };
  return {
    path: dir,
    names: async () => [dir, await realpath(dir)],
    async json(file) {
      const path = join(dir, file);
      if (file === 'config.json') await refuseMistake(dir);
      return { path, value: (await fileExists(path)) ? await readJsonFile(path) : undefined };
    },
    text: (file) => readText(join(dir, file)),
    tensors: () => readTensorTable(dir),
    async numbers(file) {
      const path = join(dir, file);
      if (!(await fileExists(path))) return undefined;
      await checkLink(dir, path);
      return readNumbers(path);
    },
    fingerprint,
    tower: async (model) => modelFolder(await findVisionTower(dir, model, cached), env),
  };
}

async function readText(path: string): Promise<string | undefined> {
  if (!(await fileExists(path))) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw ioError(path, cause);
  }
}

/** Names, sizes and times of the weight files. */
async function fingerprint(refs: Iterable<TensorRef>): Promise<string> {
  const paths = [...new Set([...refs].map(({ path }) => path))].sort();
  const parts = await Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs } = await stat(path);
      return `${path}:${size}:${mtimeMs}`;
    }),
  );
  return parts.join('|');
}
