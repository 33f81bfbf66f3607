import type { DecoderConfig, TargetConfig, WeightRef } from '../../contracts/checkpoint.ts';
import type { LinearWeights } from '../../graph/blocks/linear.ts';
import type { DecoderLayerWeights } from '../../model/decoder-layer.ts';
import type { LlamaWeights } from '../../model/llama.ts';
import type { Tensors } from '../family.ts';
import type { DecoderNames } from './decoder-layout.ts';

/** A decoder's weights by their published names, which begin as `names` says. A tied head has no tensor of its own. */
export function llamaWeights(
  tensors: Tensors,
  config: DecoderConfig,
  names: DecoderNames,
): LlamaWeights {
  const get = (name: string) => tensors.get(name) as WeightRef;
  const matrix = (name: string, bias = false): LinearWeights => ({
    weight: get(`${name}.weight`),
    ...(bias && { bias: get(`${name}.bias`) }),
  });
  const layer = (index: number): DecoderLayerWeights => {
    const at = `${names.model}layers.${index}.`;
    return {
      inputNorm: get(`${at}input_layernorm.weight`),
      query: matrix(`${at}self_attn.q_proj`, config.qkvBias),
      key: matrix(`${at}self_attn.k_proj`, config.qkvBias),
      value: matrix(`${at}self_attn.v_proj`, config.qkvBias),
      output: matrix(`${at}self_attn.o_proj`, config.outputBias),
      postNorm: get(`${at}post_attention_layernorm.weight`),
      gate: matrix(`${at}mlp.gate_proj`, config.mlpBias),
      up: matrix(`${at}mlp.up_proj`, config.mlpBias),
      down: matrix(`${at}mlp.down_proj`, config.mlpBias),
    };
  };
  const embedding = get(`${names.model}embed_tokens.weight`);
  return {
    embedding,
    layers: Array.from({ length: config.layers }, (_, index) => layer(index)),
    norm: get(`${names.model}norm.weight`),
    head: config.tiedEmbeddings ? embedding : get(names.head),
  };
}

/** A family's way to its decoder's weights. */
export function decoderNamed(names: DecoderNames) {
  return ({ decoder }: Pick<TargetConfig, 'decoder'>, tensors: Tensors): LlamaWeights =>
    llamaWeights(tensors, decoder, names);
}
