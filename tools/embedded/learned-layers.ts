import { readTensorTable } from '../../src/checkpoint/tensor-table.ts';
import { readFloats } from '../../src/formats/read-tensor.ts';
import type { StreamedTensor } from '../../src/safetensors/write-safetensors.ts';
import { q80Blocks } from './q80-blocks.ts';
import { wholeTensor } from './whole-tensor.ts';

/**
 * What trainings changed in the decoder's layers, by name: matrices in blocks of 8 bits, norms as they are.
 * @param trained targets of `msd train target`; of several the mean (model soups, Wortsman and others 2022)
 * @param published the decoder as it began, in fp32
 * @param way how much of the way from the published numbers to the trained ones is gone, above 0 to 1: less of it forgets less
 *   (WiSE-FT, Wortsman and others 2022)
 */
export async function learnedLayers(
  trained: readonly string[],
  published: readonly StreamedTensor[],
  way: number,
): Promise<Map<string, StreamedTensor>> {
  const learned = new Map<string, StreamedTensor>();
  const tables = await Promise.all(trained.map(readTensorTable));
  for (const tensor of published.filter(({ name }) => name.includes('.layers.'))) {
    const { name, shape } = tensor;
    const refs = tables.flatMap((table) => table.get(name) ?? []);
    if (refs.length < tables.length) throw new TypeError(`${trained} have no tensor ${name}`);
    const [now, before] = [
      meanOf(await Promise.all(refs.map(readFloats))),
      await wholeTensor(tensor),
    ];
    if (now.every((number, i) => number === before[i])) continue;
    const isMatrix = shape.length === 2;
    const between = now.map((number, i) => mixed(before[i] as number, number, way));
    const bytes = isMatrix ? q80Blocks(between) : new Uint8Array(between.buffer);
    async function* pieces() {
      yield bytes;
    }
    learned.set(name, { name, shape, dtype: isMatrix ? 'Q8_0' : 'F32', pieces });
  }
  return learned;
}

/** The ends are what they are, to the bit. */
const mixed = (from: number, to: number, way: number): number =>
  way === 1 ? to : from + way * (to - from);

function meanOf(all: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(), ...others] = all;
  return first.map(
    (number, i) => others.reduce((sum, other) => sum + (other[i] as number), number) / all.length,
  );
}
