/**
 * A folder of LoRA adapters, and which tensors of its base it changes. The names in it are those of the modules as they
 * were trained; the base's files may have been saved under other prefixes, so that names are matched without them.
 */
import { join } from 'node:path';
import type { TensorRef, TensorTable } from '../../contracts/checkpoint.ts';
import { CheckpointError } from '../../contracts/errors.ts';
import { printable } from '../../contracts/printable.ts';
import { fileExists } from '../../files/json-file.ts';
import { readPytorchHeader } from '../../pytorch/pytorch.ts';
import { readSafetensorsHeader } from '../../safetensors/safetensors.ts';
import { type AdapterConfig, unmerged } from './adapter-config.ts';
import type { WeightChange } from './weight-change.ts';

const FILES = [
  ['adapter_model.safetensors', readSafetensorsHeader],
  ['adapter_model.bin', readPytorchHeader],
] as const;

/**
 * The changes by the names of the base's tensors.
 * @throws CheckpointError where a tensor of the adapters has no place in the base, or is of a kind that is not merged
 */
export async function readAdapters(
  dir: string,
  { scale }: AdapterConfig,
  base: TensorTable,
): Promise<ReadonlyMap<string, WeightChange>> {
  const { path, table } = await adapterTable(dir);
  const named = byBareName(base);
  const find = (module: string, kind: string): TensorRef => {
    const found = named.get(bare(`${module}.${kind}`));
    if (found?.length === 1) return found[0] as TensorRef;
    throw new CheckpointError(
      path,
      `the adapters change ${printable(`${module}.${kind}`)}, which their base ${found === undefined ? 'does not have' : 'has more than once'}; give the base that they were trained on.`,
    );
  };
  const changes = new Map<string, WeightChange>();
  for (const [name, ref] of table) {
    const [, module = '', role = ''] = name.match(PARTS) ?? [];
    if (/^lora_(embedding_)?B/.test(role)) {
      // It is read with its A.
      if (table.has(name.replace(/lora_(embedding_)?B/, 'lora_$1A'))) continue;
      throw new CheckpointError(path, `${printable(name)} has no lora_A beside it; save it again.`);
    }
    if (/^lora_(embedding_)?A/.test(role)) {
      const isTable = role.startsWith('lora_embedding');
      const b = table.get(name.replace(/lora_(embedding_)?A/, 'lora_$1B'));
      const matrix = find(module, 'weight');
      checkFactors(path, matrix, { a: ref, b, isTable });
      const rank = ref.shape[0] as number;
      const factors = { a: ref, b: b as TensorRef, scale: scale(module, rank), isTable };
      changes.set(matrix.name, { ...changes.get(matrix.name), add: factors });
    } else if (/^(weight|bias)$/.test(role)) {
      const tensor = find(module, role);
      if (!sameShape(tensor.shape, ref.shape)) throw resized(path, name, tensor, ref);
      changes.set(tensor.name, { ...changes.get(tensor.name), instead: ref });
    } else throw unmerged(path, `adapters with tensors as ${printable(name)}`);
  }
  if (changes.size === 0) throw new CheckpointError(path, 'it holds no adapters; save them again.');
  checkTied(path, base, changes);
  return changes;
}

/** `base_model.model.<module>.<role>`; peft's own words may stand between. */
const PARTS =
  /^(?:base_model\.model\.)?(.+?)(?:\.modules_to_save|\.base_layer)?(?:\.default)?\.(lora_(?:embedding_)?[AB](?:\.(?:default\.)?weight)?|weight|bias)$/;

async function adapterTable(dir: string) {
  for (const [file, read] of FILES) {
    const path = join(dir, file);
    if (await fileExists(path)) return { path, table: await read(path) };
  }
  const names = FILES.map(([file]) => file).join(' nor ');
  throw new CheckpointError(dir, `there is neither ${names}; save the adapters again.`);
}

/** Names without the prefixes that differ between versions of transformers. */
const bare = (name: string): string =>
  name
    .split('.')
    .filter((part) => !/^(model|language_model|vision_model)$/.test(part))
    .join('.');

function byBareName(base: TensorTable): ReadonlyMap<string, readonly TensorRef[]> {
  const named = new Map<string, TensorRef[]>();
  for (const [name, ref] of base) {
    const same = named.get(bare(name)) ?? [];
    named.set(bare(name), [...same, { ...ref, name }]);
  }
  return named;
}

function checkFactors(
  path: string,
  matrix: TensorRef,
  { a, b, isTable }: { a: TensorRef; b: TensorRef | undefined; isTable: boolean },
): void {
  const [rows, columns] = matrix.shape;
  const [out, into] = isTable ? [columns, rows] : [rows, columns];
  const rank = a.shape[0];
  const fit =
    matrix.shape.length === 2 &&
    sameShape(a.shape, [rank ?? 0, into ?? 0]) &&
    b !== undefined &&
    sameShape(b.shape, [out ?? 0, rank ?? 0]);
  if (fit) return;
  const shapes = [matrix, a, ...(b ? [b] : [])].map(({ shape }) => `[${shape.join(', ')}]`);
  throw new CheckpointError(
    path,
    `the factors of ${printable(matrix.name)} do not fit it (${shapes.join(', ')}); give the base that they were trained on.`,
  );
}

/** Where the head is the embedding table, merged adapters of the one would change the other. */
function checkTied(path: string, base: TensorTable, changes: ReadonlyMap<string, unknown>): void {
  const isHead = (name: string) => bare(name) === 'lm_head.weight';
  const table = [...changes.keys()].find((name) => /(^|\.)embed_tokens\.weight$/.test(name));
  if (table === undefined || [...base.keys()].some(isHead)) return;
  throw unmerged(path, `adapters of ${printable(table)}, which is the head's table too,`);
}

function resized(path: string, name: string, { shape }: TensorRef, by: TensorRef) {
  const [was, is] = [shape, by.shape].map((one) => `[${one.join(', ')}]`);
  return unmerged(path, `adapters that resize a tensor (${printable(name)} from ${was} to ${is})`);
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);
