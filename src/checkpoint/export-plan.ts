import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WeightDtype } from '../contracts/checkpoint.ts';
import { ioError } from '../files/io-error.ts';
import { readJsonFile } from '../files/json-file.ts';
import { RECORD_NAME } from '../gguf/import-record.ts';
import { refPieces } from '../safetensors/ref-pieces.ts';
import { readTensorTable } from './tensor-table.ts';
import type { ModelFolder } from './write-model-folder.ts';

/** Weights in any format, and what is true of the exported folder only: the rest of a folder goes along. */
const LEFT_BEHIND = /\.(safetensors|bin|pt|pth|gguf|index\.json)$|^\./;

const TORCH_NAMES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;
/** Where transformers 4 and 5 write the weights' type. */
const TYPE_FIELDS = new Set(['torch_dtype', 'dtype']);

/**
 * A model folder as it will be written: the same tensors as `dtype` (as stored without one), the same files beside them,
 * with the type in config.json where it changes. Subfolders stay behind.
 * @throws CheckpointError where the folder is missing or damaged.
 */
export async function planExport(dir: string, dtype?: WeightDtype): Promise<ModelFolder> {
  const table = await readTensorTable(dir);
  const copies = await filesBeside(dir);
  const texts = new Map<string, string>();
  if (dtype !== undefined && copies.delete('config.json')) {
    const config = withType(await readJsonFile(join(dir, 'config.json')), TORCH_NAMES[dtype]);
    texts.set('config.json', `${JSON.stringify(config, null, 2)}\n`);
  }
  const tensors = [...table].map(([name, ref]) => {
    const type = dtype ?? ref.dtype;
    return { name, shape: ref.shape, dtype: type, pieces: () => refPieces(ref, type) };
  });
  return { tensors, texts, copies };
}

async function filesBeside(dir: string): Promise<Map<string, string>> {
  try {
    const names = (await readdir(dir)).sort();
    const wanted = names.filter((name) => name !== RECORD_NAME && !LEFT_BEHIND.test(name));
    const found = await Promise.all(
      wanted.map(async (name) => {
        const path = join(dir, name);
        return (await stat(path)).isFile() ? [[name, path] as const] : [];
      }),
    );
    return new Map(found.flat());
  } catch (cause) {
    throw ioError(dir, cause);
  }
}

/** The config, its sections included, with `type` wherever it names one. */
function withType(value: unknown, type: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [
      key,
      TYPE_FIELDS.has(key) && typeof field === 'string' ? type : withType(field, type),
    ]),
  );
}
