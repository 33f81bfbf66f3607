import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../src/checkpoint/testing/folders.ts';
import { widened } from '../../src/formats/forms/stored/stored-types.ts';
import { writeSafetensors } from '../../src/safetensors/testing/write-safetensors.ts';
import type { StreamedTensor } from '../../src/safetensors/write-safetensors.ts';
import { learnedLayers } from './learned-layers.ts';
import { wholeTensor } from './whole-tensor.ts';

const NORM = 'model.layers.1.input_layernorm.weight';
const MATRIX = 'model.layers.1.mlp.up_proj.weight';
const before = { [NORM]: [1, 2, 4], [MATRIX]: Array.from({ length: 32 }, (_, i) => i) };
const after = { [NORM]: [3, 2, 0], [MATRIX]: before[MATRIX]?.map((number) => -number) ?? [] };
const shapes: Record<string, number[]> = { [NORM]: [3], [MATRIX]: [1, 32] };

const published = Object.entries(before).map(
  ([name, numbers]): StreamedTensor => ({
    ...{ name, shape: shapes[name] as number[], dtype: 'F32' },
    async *pieces() {
      yield new Uint8Array(Float32Array.from(numbers).buffer);
    },
  }),
);

async function learnt(all: readonly Record<string, number[]>[], way: number) {
  return learnedLayers(all.map(folderOf), published, way);
}

function folderOf(trained: Record<string, number[]>): string {
  const folder = tempFolder();
  const tensors = Object.entries(trained).map(([name, numbers]) => [
    name,
    { shape: shapes[name] as number[], dtype: 'F32', data: Float32Array.from(numbers) },
  ]);
  writeSafetensors(`${folder}/model.safetensors`, Object.fromEntries(tensors));
  return folder;
}

describe('layers that learned', () => {
  it('are as far from the published ones as the way goes', async () => {
    const layers = await learnt([after], 0.25);
    expect([...(await wholeTensor(layers.get(NORM) as StreamedTensor))]).toEqual([1.5, 2, 3]);
    const blocks: Uint8Array[] = [];
    for await (const piece of (layers.get(MATRIX) as StreamedTensor).pieces()) blocks.push(piece);
    const numbers = widened('Q8_0', Buffer.concat(blocks));
    expect(numbers[31]).toBeCloseTo(15.5, 1);
    expect(numbers[2]).toBeCloseTo(1, 1);
  });

  it('are the mean of several trainings', async () => {
    const layers = await learnt([after, { ...before, [NORM]: [5, 4, 0] }], 1);
    expect([...(await wholeTensor(layers.get(NORM) as StreamedTensor))]).toEqual([4, 3, 0]);
  });

  it('are what was learned, to the bit, at the end of it', async () => {
    const third = 1 / 3;
    const layers = await learnt([{ ...before, [NORM]: [third, 2, 4] }], 1);
    expect(await wholeTensor(layers.get(NORM) as StreamedTensor)).toEqual(
      Float32Array.of(third, 2, 4),
    );
  });

  it('are those alone that training changed', async () => {
    expect([...(await learnt([{ ...after, [NORM]: before[NORM] ?? [] }], 0.5)).keys()]).toEqual([
      MATRIX,
    ]);
  });
});
