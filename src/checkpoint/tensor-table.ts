import { join } from 'node:path';
import * as z from 'zod';
import type { TensorRef, TensorTable } from '../contracts/checkpoint.ts';
import { isIgnoredBuffer } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import { fileExists, readJsonFile } from '../files/json-file.ts';
import { readPytorchHeader } from '../pytorch/pytorch.ts';
import { readSafetensorsHeader } from '../safetensors/safetensors.ts';
import { checkLink } from './check-link.ts';

interface Format {
  readonly single: string;
  /** Lists the shards of a model in several files. */
  readonly index: string;
  /** A shard lies in the model's folder itself and is of this format: no separators, no way out, never an index. */
  readonly shard: RegExp;
  readonly read: (path: string) => Promise<ReadonlyMap<string, TensorRef>>;
}

/** In order of preference; where a folder has both, they are the same weights. */
const FORMATS: readonly Format[] = [
  {
    single: 'model.safetensors',
    index: 'model.safetensors.index.json',
    shard: /^(?!\.)[\w.-]+\.safetensors$/,
    read: readSafetensorsHeader,
  },
  {
    single: 'pytorch_model.bin',
    index: 'pytorch_model.bin.index.json',
    shard: /^(?!\.)[\w.-]+\.bin$/,
    read: readPytorchHeader,
  },
];

/**
 * Every tensor of a Hugging Face folder: `model.safetensors`, or else the shards that `model.safetensors.index.json`
 * names, or else the same of `pytorch_model.bin`. A weight file may be a link, but only within the folder or to a blob of
 * a Hugging Face cache (`models--owner--name/blobs/`), where the cache's own snapshots lead: a folder from somewhere else
 * can't make other files be read as weights.
 * @throws CheckpointError where a file is missing or damaged, leads elsewhere, or the index and its shards disagree
 */
export async function readTensorTable(dir: string): Promise<TensorTable> {
  for (const format of FORMATS) {
    if (await fileExists(join(dir, format.single))) return readWeights(dir, format.single, format);
    if (await fileExists(join(dir, format.index))) return readShards(dir, format);
  }
  const names = FORMATS.flatMap(({ single, index }) => [single, index]);
  throw new CheckpointError(
    dir,
    `there is none of ${names.join(', ')}; check the path or fetch the model.`,
  );
}

async function readShards(dir: string, format: Format): Promise<TensorTable> {
  const path = join(dir, format.index);
  const shardOf = await readWeightMap(path, format.shard);
  const table = new Map<string, TensorRef>();
  for (const shard of new Set(shardOf.values())) {
    for (const [name, ref] of await readWeights(dir, shard, format)) {
      if (shardOf.get(name) !== shard) {
        throw disagree(path, `shard ${shard} holds tensor ${printable(name)}, placed elsewhere`);
      }
      table.set(name, ref);
    }
  }
  for (const [name, shard] of shardOf) {
    if (!table.has(name)) throw disagree(path, `tensor ${printable(name)} is not in ${shard}`);
  }
  return table;
}

async function readWeights(dir: string, name: string, { read }: Format) {
  const path = join(dir, name);
  await checkLink(dir, path);
  return read(path);
}

async function readWeightMap(path: string, shard: RegExp): Promise<ReadonlyMap<string, string>> {
  const schema = z.object({ weight_map: z.record(z.string(), z.string().regex(shard)) });
  const index = schema.safeParse(await readJsonFile(path));
  if (!index.success) {
    throw new CheckpointError(
      path,
      'weight_map does not give each tensor a weight file of this folder; fetch it again.',
    );
  }
  const named = Object.entries(index.data.weight_map).filter(([name]) => !isIgnoredBuffer(name));
  return new Map(named);
}

function disagree(path: string, problem: string): CheckpointError {
  return new CheckpointError(path, `${problem}; fetch the index and its shards together.`);
}
