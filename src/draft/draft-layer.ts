import type { DraftConfig, WeightRef } from '../contracts/checkpoint.ts';
import type { LinearWeights } from '../graph/blocks/linear.ts';
import type { DecoderLayerWeights } from '../model/decoder-layer.ts';

type Tensors = ReadonlyMap<string, WeightRef>;

/** A matrix of a draft by its name, with its bias where it has one. */
export const draftMatrix = (tensors: Tensors, name: string, bias = false): LinearWeights => ({
  weight: tensors.get(`${name}.weight`) as WeightRef,
  ...(bias && { bias: tensors.get(`${name}.bias`) as WeightRef }),
});

/** A decoder layer of a draft by its published names. */
export function draftLayer(
  tensors: Tensors,
  index: number,
  { inputNorm, qkvBias }: Pick<DraftConfig, 'inputNorm' | 'qkvBias'>,
): DecoderLayerWeights {
  const norm = (name: string) => tensors.get(`layers.${index}.${name}.weight`) as WeightRef;
  const matrix = (name: string, bias = false) =>
    draftMatrix(tensors, `layers.${index}.${name}`, bias);
  return {
    ...(inputNorm && { inputNorm: norm('input_layernorm') }),
    query: matrix('self_attn.q_proj', qkvBias),
    key: matrix('self_attn.k_proj', qkvBias),
    value: matrix('self_attn.v_proj', qkvBias),
    output: matrix('self_attn.o_proj'),
    postNorm: norm('post_attention_layernorm'),
    gate: matrix('mlp.gate_proj'),
    up: matrix('mlp.up_proj'),
    down: matrix('mlp.down_proj'),
  };
}
