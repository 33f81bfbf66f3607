import { describe, expect, it, onTestFinished } from 'vitest';
import type { VisionConfig } from '../../contracts/checkpoint.ts';
import { uniform } from '../../decode/uniform.ts';
import { largestDifference } from '../../input/node/testing/read-goldens.ts';
import type { LlavaConfig } from './llava-config.ts';
import { openRandomVision } from './testing/random-vision.ts';

const TOWER: VisionConfig = {
  hiddenSize: 16,
  intermediateSize: 24,
  layers: 3,
  heads: 2,
  imageSize: 12,
  patchSize: 4,
  layerNormEps: 1e-5,
  activation: 'quick_gelu',
};
const PROJECTOR = { activation: 'gelu', bias: true, featureLayer: -2, select: 'default' } as const;

/** What a tower sees in one random picture. */
async function seen(
  tower: Partial<VisionConfig>,
  projector: Partial<LlavaConfig['projector']>,
  change: (pixels: Float32Array) => void = () => {},
): Promise<{ embeddings: Float32Array; width: number }> {
  const config = { ...TOWER, ...tower };
  const vision = await openRandomVision(config, { ...PROJECTOR, ...projector });
  onTestFinished(() => vision.dispose());
  const size = 3 * config.imageSize ** 2;
  const pixels = Float32Array.from({ length: size }, (_, i) => 4 * uniform(3, i) - 2);
  change(pixels);
  return { embeddings: await vision.see(pixels), width: vision.width };
}

describe('the vision graph of a LLaVA', () => {
  it.each([
    { imageSize: 12, patchSize: 4, hiddenSize: 16, heads: 2, tokens: 9 },
    { imageSize: 20, patchSize: 5, hiddenSize: 24, heads: 3, tokens: 16 },
    { imageSize: 8, patchSize: 8, hiddenSize: 8, heads: 1, tokens: 1 },
    { imageSize: 42, patchSize: 14, hiddenSize: 32, heads: 4, tokens: 9 },
  ])('gives a row per patch of $imageSize / $patchSize', async ({ tokens, ...sizes }) => {
    const { embeddings, width } = await seen(sizes, {});
    expect(embeddings.length).toBe(tokens * width);
    expect(embeddings.every(Number.isFinite)).toBe(true);
  });

  it("keeps the class token in front where 'full' is selected", async () => {
    const full = await seen({}, { select: 'full' });
    const patches = await seen({}, { select: 'default' });
    expect(full.embeddings.length).toBe(patches.embeddings.length + full.width);
    const behind = full.embeddings.subarray(full.width);
    expect(largestDifference(behind, patches.embeddings)).toBeLessThan(1e-6);
  });

  it('counts hidden states from the embeddings or from the last layer', async () => {
    for (const [forward, backward] of [
      [0, -4],
      [2, -2],
      [3, -1],
    ] as const) {
      const a = await seen({}, { featureLayer: forward });
      const b = await seen({}, { featureLayer: backward });
      expect(a.embeddings).toEqual(b.embeddings);
    }
  });

  it('takes the state of the layer that is asked for', async () => {
    const states = await Promise.all(
      [0, 1, 2, 3].map((featureLayer) => seen({}, { featureLayer })),
    );
    const texts = states.map(({ embeddings }) => embeddings.join());
    expect(new Set(texts).size).toBe(4);
  });

  it('cuts patches row by row: before any layer a pixel touches its own patch alone', async () => {
    const before = await seen({}, { featureLayer: 0 });
    const [channel, y, x] = [1, 5, 10]; // in the patch of row 1, column 2
    const after = await seen({}, { featureLayer: 0 }, (pixels) => {
      pixels[(channel * 12 + y) * 12 + x] = 3;
    });
    const { width } = before;
    const touched = Array.from({ length: 9 }, (_, row) =>
      largestDifference(
        before.embeddings.slice(row * width, (row + 1) * width),
        after.embeddings.slice(row * width, (row + 1) * width),
      ),
    ).flatMap((difference, row) => (difference > 0 ? [row] : []));
    expect(touched).toEqual([5]);
  });

  it('knows both activations of towers and of projectors', async () => {
    const usual = await seen({}, {});
    const exact = await seen({ activation: 'gelu' }, {});
    const rectified = await seen({}, { activation: 'relu' });
    const unbiased = await seen({}, { bias: false });
    for (const other of [exact, rectified, unbiased]) {
      const difference = largestDifference(usual.embeddings, other.embeddings);
      expect(difference).toBeGreaterThan(1e-4);
    }
  });
});
