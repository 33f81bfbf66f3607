import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WeightDtype } from '../../contracts/checkpoint.ts';
import { floatsOf, floatTensor } from '../../contracts/session.ts';
import { uniform } from '../../decode/uniform.ts';
import { largestDifference } from '../../input/node/testing/read-goldens.ts';
import { SIZES } from '../../model/testing/random-llama.ts';
import { writeRandomWeights } from '../../model/testing/random-weights.ts';
import { createSession } from '../../runtime/session.ts';
import type { Idefics3Config } from './idefics3-config.ts';
import { idefics3Layout } from './idefics3-tensors.ts';
import { buildIdefics3Vision, tileTokens } from './idefics3-vision.ts';

/** Four patches a side and a margin of two pixels. */
const CONFIG: Idefics3Config = {
  family: 'idefics3',
  decoder: { ...SIZES, kvHeads: 2, tiedEmbeddings: false },
  vision: {
    hiddenSize: 16,
    intermediateSize: 24,
    layers: 2,
    heads: 2,
    imageSize: 18,
    patchSize: 4,
    layerNormEps: 1e-6,
    activation: 'gelu_tanh',
  },
  shuffle: 2,
  imageTokenId: 49,
  eosTokenIds: [],
};
const SIDE = CONFIG.vision.imageSize;
const WIDTH = CONFIG.decoder.hiddenSize;
const TILE = 3 * SIDE * SIDE;

/** The tower over random weights: pixels of any number of tiles → embeddings. */
async function openTower(dtype: WeightDtype) {
  const folder = mkdtempSync(join(tmpdir(), 'msd-idefics3-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'model.safetensors');
  const tensors = await writeRandomWeights(path, idefics3Layout(CONFIG).required, dtype, 2);
  const session = await createSession(buildIdefics3Vision(CONFIG, tensors), {
    device: 'cpu',
    threads: 1,
  });
  onTestFinished(() => session.dispose());
  return async (data: Float32Array) => {
    const pixels = floatTensor(data, [data.length / TILE, 3, SIDE, SIDE]);
    return floatsOf(await session.run({ pixels }, ['embeddings']), 'embeddings');
  };
}

const noise = (tiles: number) =>
  Float32Array.from({ length: tiles * TILE }, (_, i) => 2 * uniform(7, i) - 1);

describe('the vision graph of an Idefics3', () => {
  it('sees each tile by itself', async () => {
    const see = await openTower('F32');
    const pixels = noise(3);
    const together = await see(pixels);
    const alone = await Promise.all(
      [0, 1, 2].map((tile) => see(pixels.slice(tile * TILE, (tile + 1) * TILE))),
    );
    expect(together.length).toBe(3 * tileTokens(CONFIG) * WIDTH);
    expect(
      largestDifference(
        together,
        alone.flatMap((rows) => [...rows]),
      ),
    ).toBeLessThan(1e-5);
  });

  it('leaves out the pixels beyond the last whole patch', async () => {
    const see = await openTower('F32');
    const pixels = noise(1);
    const changed = pixels.map((value, i) => {
      const [x, y] = [i % SIDE, Math.floor(i / SIDE) % SIDE];
      return x >= 16 || y >= 16 ? -value : value;
    });
    expect(await see(changed)).toEqual(await see(pixels));
  });

  it('reads half-precision files of the same numbers alike', async () => {
    const [bf16, f16] = [await openTower('BF16'), await openTower('F16')];
    expect(largestDifference(await bf16(noise(1)), await f16(noise(1)))).toBeLessThan(1e-5);
  });
});
