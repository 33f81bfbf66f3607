import { join } from 'node:path';
import { z } from 'zod';
import type { TensorRef, TensorTable } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { isIgnoredBuffer } from './ignored-buffers.ts';
import { fileExists, readJsonFile } from './json-file.ts';
import { printable } from './printable.ts';
import { readSafetensorsHeader } from './safetensors.ts';

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const PICKLED = ['pytorch_model.bin', 'pytorch_model.bin.index.json'];

/** A shard lies in the model's folder itself: no separators, no way out. */
const indexSchema = z.object({
  weight_map: z.record(z.string(), z.string().regex(/^(?!\.)[\w.-]+$/)),
});

/**
 * Every tensor of a Hugging Face folder: `model.safetensors`, or else the shards that `model.safetensors.index.json`
 * names.
 * @throws CheckpointError where a file is missing or damaged, or the index and its shards disagree.
 */
export async function readTensorTable(dir: string): Promise<TensorTable> {
  if (await fileExists(join(dir, SINGLE))) return readSafetensorsHeader(join(dir, SINGLE));
  if (await fileExists(join(dir, INDEX))) return readShards(dir);
  for (const pickled of PICKLED) {
    if (await fileExists(join(dir, pickled))) {
      throw new CheckpointError(
        dir,
        `the weights are in ${pickled}, which this version can't read; convert them to ${SINGLE}.`,
      );
    }
  }
  throw new CheckpointError(
    dir,
    `there is neither ${SINGLE} nor ${INDEX}; check the path or fetch the model.`,
  );
}

async function readShards(dir: string): Promise<TensorTable> {
  const path = join(dir, INDEX);
  const shardOf = await readWeightMap(path);
  const table = new Map<string, TensorRef>();
  for (const shard of new Set(shardOf.values())) {
    for (const [name, ref] of await readSafetensorsHeader(join(dir, shard))) {
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

async function readWeightMap(path: string): Promise<ReadonlyMap<string, string>> {
  const index = indexSchema.safeParse(await readJsonFile(path));
  if (!index.success) {
    throw new CheckpointError(
      path,
      'weight_map does not give each tensor a file of this folder; fetch it again.',
    );
  }
  const named = Object.entries(index.data.weight_map).filter(([name]) => !isIgnoredBuffer(name));
  return new Map(named);
}

function disagree(path: string, problem: string): CheckpointError {
  return new CheckpointError(path, `${problem}; fetch the index and its shards together.`);
}
