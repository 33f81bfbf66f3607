import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DecoderConfig, VisionConfig } from '../../../contracts/checkpoint.ts';
import { floatsOf, floatTensor } from '../../../contracts/session.ts';
import { SIZES } from '../../../model/testing/random-llama.ts';
import { writeRandomWeights } from '../../../model/testing/random-weights.ts';
import { createSession } from '../../../runtime/session.ts';
import { storedShapes } from '../../families.ts';
import type { LlavaConfig } from '../llava-config.ts';
import { buildLlavaVision } from '../llava-vision.ts';

export interface RandomVision {
  /** Width of an embedding. */
  readonly width: number;
  /** Pixels [3, S, S] → embeddings [tokens, width] */
  see(pixels: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** The vision graph of a LLaVA with random weights; the same for every `select` and `featureLayer`. */
export async function openRandomVision(
  vision: VisionConfig,
  projector: LlavaConfig['projector'],
): Promise<RandomVision> {
  const decoder: DecoderConfig = { ...SIZES, kvHeads: 2, tiedEmbeddings: false };
  const config: LlavaConfig = {
    family: 'llava',
    decoder,
    vision,
    projector,
    imageTokenId: 49,
    imageTokens: 1,
    eosTokenIds: [],
  };
  const folder = mkdtempSync(join(tmpdir(), 'msd-vision-'));
  const path = join(folder, 'model.safetensors');
  const whole: LlavaConfig = {
    ...config,
    projector: { ...projector, bias: true, featureLayer: -1 },
  };
  const shapes = storedShapes(whole);
  const tensors = await writeRandomWeights(path, shapes, 'F32', 2);
  const graph = buildLlavaVision(config, tensors);
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  const { imageSize } = vision;
  return {
    width: decoder.hiddenSize,
    async see(data) {
      const pixels = floatTensor(data, [1, 3, imageSize, imageSize]);
      return floatsOf(await session.run({ pixels }, ['embeddings']), 'embeddings');
    },
    async dispose() {
      await session.dispose();
      rmSync(folder, { recursive: true });
    },
  };
}
