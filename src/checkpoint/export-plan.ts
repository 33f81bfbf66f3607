import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { WeightDtype } from '../contracts/checkpoint.ts';
import { anyOf } from '../contracts/errors/remedy.ts';
import { CheckpointError, ModelNotFoundError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { fileExists, readJsonFile } from '../files/json-file.ts';
import { RECORD_NAME } from '../gguf/import-record.ts';
import { resolveModel } from '../hub/resolve-model.ts';
import { refPieces } from '../safetensors/ref-pieces.ts';
import { ADAPTER_CONFIG, readAdapterConfig } from './adapters/adapter-config.ts';
import { readAdapters } from './adapters/read-adapters.ts';
import { changedPieces } from './adapters/weight-change.ts';
import { readTensorTable } from './tensor-table.ts';
import type { ModelFolder } from './write-model-folder.ts';

/** Weights in any format, and what is true of the exported folder only: the rest of a folder goes along. */
const LEFT_BEHIND = /\.(safetensors|bin|pt|pth|gguf|index\.json)$|^\./;

const TORCH_NAMES = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;
/** Where transformers 4 and 5 write the weights' type. */
const TYPE_FIELDS = new Set(['torch_dtype', 'dtype']);

/** What people train with a model, and save beside adapters of it. */
const WORDS =
  /^(tokenizer.*|special_tokens_map\.json|added_tokens\.json|chat_template.*|vocab\.json|merges\.txt)$/;

export interface ExportSettings {
  /** Default: as stored. */
  readonly dtype?: WeightDtype;
  /** Folder or name of the model that adapters belong to. Default: the one that they name. */
  readonly base?: string;
}

/**
 * A model folder as it will be written: the same tensors as `dtype`, the same files beside them, with the type in
 * config.json where it changes. Subfolders stay behind. Of a folder of LoRA adapters it is their base with them merged
 * in, and with their tokenizer where they have one.
 * @throws CheckpointError where a folder is missing or damaged, or holds adapters of a kind that is not merged here;
 * ModelNotFoundError where the base is not there
 */
export async function planExport(
  dir: string,
  { dtype, base }: ExportSettings = {},
): Promise<ModelFolder> {
  const adapters = (await hasAdapters(dir)) ? await readAdapterConfig(dir) : undefined;
  if (base !== undefined && adapters === undefined) {
    const remedy = { kind: 'drop-option', option: 'base' } as const;
    throw new CheckpointError(dir, 'this is no folder of adapters, which have a base.', { remedy });
  }
  const from = adapters === undefined ? dir : baseOf(dir, base ?? adapters.base);
  const table = await readTensorTable(from);
  const changes = adapters && (await readAdapters(dir, adapters, table));
  const copies = await filesBeside(from);
  if (adapters !== undefined) {
    for (const [name, path] of await filesBeside(dir)) if (WORDS.test(name)) copies.set(name, path);
  }
  const texts = new Map<string, string>();
  if (dtype !== undefined && copies.delete('config.json')) {
    const config = withType(await readJsonFile(join(from, 'config.json')), TORCH_NAMES[dtype]);
    texts.set('config.json', `${JSON.stringify(config, null, 2)}\n`);
  }
  const tensors = [...table].map(([name, ref]) => {
    const type = dtype ?? ref.dtype;
    const change = changes?.get(name);
    const pieces = () =>
      change === undefined ? refPieces(ref, type) : changedPieces(ref, change, type);
    return { name, shape: ref.shape, dtype: type, pieces };
  });
  return { tensors, texts, copies };
}

/** A model that was saved with its adapters beside it is that model. */
async function hasAdapters(dir: string): Promise<boolean> {
  return (
    (await fileExists(join(dir, ADAPTER_CONFIG))) && !(await fileExists(join(dir, 'config.json')))
  );
}

function baseOf(dir: string, base: string | null): string {
  if (base !== null) {
    try {
      return resolveModel(base);
    } catch (cause) {
      throw cause instanceof ModelNotFoundError ? baseMissing(dir, base, cause) : cause;
    }
  }
  throw new CheckpointError(join(dir, ADAPTER_CONFIG), 'it does not say what it adapts.', {
    remedy: { kind: 'use-option', option: 'base', to: 'say which model the adapters belong to' },
  });
}

function baseMissing(
  dir: string,
  base: string,
  { remedy }: ModelNotFoundError,
): ModelNotFoundError {
  const there = { kind: 'use-option', option: 'base', to: 'say where it is' } as const;
  const problem = `the adapters in ${dir} belong to this model, which is not here.`;
  return new ModelNotFoundError(base, problem, {
    remedy: anyOf([there, ...(remedy ? [remedy] : [])]),
  });
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
