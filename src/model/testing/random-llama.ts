import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DecoderConfig, TensorRef, WeightDtype } from '../../contracts/checkpoint.ts';
import type { Target } from '../../contracts/target.ts';
import { createTarget } from '../../engine/answer/target.ts';
import { llamaWeights } from '../../families/decoder/llama-weights.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { createSession } from '../../runtime/session.ts';
import { buildLlama } from '../llama.ts';
import { type Shapes, writeRandomWeights } from './random-weights.ts';

export interface RandomLlama {
  readonly target: Target;
  /** The embedding table [V, H]. */
  readonly table: Float32Array;
  dispose(): Promise<void>;
}

export interface RandomLlamaSettings {
  readonly kvHeads: number;
  readonly tied: boolean;
  readonly dtype: WeightDtype;
}

/** Heads are wider than the hidden size, so that no two sizes are alike. */
export const SIZES = {
  hiddenSize: 24,
  intermediateSize: 40,
  layers: 2,
  heads: 4,
  headDim: 8,
  vocabSize: 50,
  rmsNormEps: 1e-5,
  ropeTheta: 10_000,
  contextLength: 512,
};

/** A tiny target decoder with random weights in a file of its own. */
export async function openRandomLlama(settings: RandomLlamaSettings): Promise<RandomLlama> {
  const { kvHeads, tied, dtype } = settings;
  const config: DecoderConfig = { ...SIZES, kvHeads, tiedEmbeddings: tied };
  const folder = mkdtempSync(join(tmpdir(), 'msd-llama-'));
  const path = join(folder, 'model.safetensors');
  const tensors = await writeRandomWeights(path, llamaShapes(config, ''), dtype, 1);
  const names = { model: 'model.', head: 'lm_head.weight' };
  const graph = buildLlama(config, llamaWeights(tensors, config, names));
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  return {
    target: createTarget(session, config),
    table: await readFloats(tensors.get('model.embed_tokens.weight') as TensorRef),
    async dispose() {
      await session.dispose();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The tensors of a decoder under published names, all behind a prefix such as `language_model.`. */
export function llamaShapes(
  { heads, kvHeads, headDim, ...config }: DecoderConfig,
  prefix: string,
): Shapes {
  const { hiddenSize: h, intermediateSize: m, vocabSize, tiedEmbeddings } = config;
  const layers = Array.from({ length: config.layers }, (_, i): Shapes => {
    const at = `${prefix}model.layers.${i}`;
    return [
      [`${at}.input_layernorm.weight`, [h]],
      [`${at}.self_attn.q_proj.weight`, [heads * headDim, h]],
      [`${at}.self_attn.k_proj.weight`, [kvHeads * headDim, h]],
      [`${at}.self_attn.v_proj.weight`, [kvHeads * headDim, h]],
      [`${at}.self_attn.o_proj.weight`, [h, heads * headDim]],
      [`${at}.post_attention_layernorm.weight`, [h]],
      [`${at}.mlp.gate_proj.weight`, [m, h]],
      [`${at}.mlp.up_proj.weight`, [m, h]],
      [`${at}.mlp.down_proj.weight`, [h, m]],
    ];
  });
  return [
    [`${prefix}model.embed_tokens.weight`, [vocabSize, h]],
    ...layers.flat(),
    [`${prefix}model.norm.weight`, [h]],
    ...(tiedEmbeddings ? [] : ([[`${prefix}lm_head.weight`, [vocabSize, h]]] as const)),
  ];
}
