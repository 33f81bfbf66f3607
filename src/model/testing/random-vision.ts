import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DecoderConfig, VisionConfig } from '../../contracts/checkpoint.ts';
import { floatsOf, floatTensor } from '../../contracts/session.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import { buildLlavaVision } from '../../families/llava/llava-vision.ts';
import { createSession } from '../../runtime/session.ts';
import { llamaShapes, SIZES } from './random-llama.ts';
import { type Shapes, writeRandomWeights } from './random-weights.ts';

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
  const tensors = await writeRandomWeights(path, llavaShapes(config), 'F32', 2);
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

/** The tensors of a LLaVA with biases in its projector, under published names. */
export function llavaShapes({ decoder, vision }: LlavaConfig): Shapes {
  return [
    ...towerShapes(vision),
    ...linearShapes('multi_modal_projector.linear_1', decoder.hiddenSize, vision.hiddenSize),
    ...linearShapes('multi_modal_projector.linear_2', decoder.hiddenSize, decoder.hiddenSize),
    ...llamaShapes(decoder, 'language_model.'),
  ];
}

function towerShapes(config: VisionConfig): Shapes {
  const { hiddenSize: h, intermediateSize: m, patchSize: p } = config;
  const tower = 'vision_tower.vision_model';
  return [
    [`${tower}.embeddings.class_embedding`, [h]],
    [`${tower}.embeddings.patch_embedding.weight`, [h, 3, p, p]],
    [`${tower}.embeddings.position_embedding.weight`, [(config.imageSize / p) ** 2 + 1, h]],
    ...normShapes(`${tower}.pre_layrnorm`, h),
    ...Array.from({ length: config.layers }, (_, i) => `${tower}.encoder.layers.${i}`).flatMap(
      (layer): Shapes => [
        ...normShapes(`${layer}.layer_norm1`, h),
        ...['q_proj', 'k_proj', 'v_proj', 'out_proj'].flatMap((part) =>
          linearShapes(`${layer}.self_attn.${part}`, h, h),
        ),
        ...normShapes(`${layer}.layer_norm2`, h),
        ...linearShapes(`${layer}.mlp.fc1`, m, h),
        ...linearShapes(`${layer}.mlp.fc2`, h, m),
      ],
    ),
  ];
}

function normShapes(name: string, h: number): Shapes {
  return [
    [`${name}.weight`, [h]],
    [`${name}.bias`, [h]],
  ];
}

function linearShapes(name: string, out: number, into: number): Shapes {
  return [
    [`${name}.weight`, [out, into]],
    [`${name}.bias`, [out]],
  ];
}
