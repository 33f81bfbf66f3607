import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import { linearShapes, type Shapes, type TensorLayout } from '../tensor-layout.ts';

/** How a decoder's tensors are called: all but the head begin with `model`. */
export interface DecoderNames {
  readonly model: string;
  readonly head: string;
}

type LayerSizes = Pick<
  DecoderConfig,
  | 'hiddenSize'
  | 'intermediateSize'
  | 'heads'
  | 'kvHeads'
  | 'headDim'
  | 'qkvBias'
  | 'outputBias'
  | 'mlpBias'
> & { readonly inputNorm?: boolean };

/** A decoder's part of a layout. A tied head may be stored, and is not used. */
export function decoderLayout(
  decoder: DecoderConfig,
  { model, head }: DecoderNames,
): Pick<TensorLayout, 'required' | 'unused' | 'tiedHead'> {
  const ownHead: Shapes = [[head, [decoder.vocabSize, decoder.hiddenSize]]];
  const body = bodyShapes(decoder, model);
  return decoder.tiedEmbeddings
    ? { required: body, unused: ownHead, tiedHead: head }
    : { required: [...body, ...ownHead], unused: [] };
}

function bodyShapes(decoder: DecoderConfig, model: string): Shapes {
  const { hiddenSize: h, layers } = decoder;
  const layer = (index: number) => layerShapes(`${model}layers.${index}`, decoder);
  return [
    [`${model}embed_tokens.weight`, [decoder.vocabSize, h]],
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    [`${model}norm.weight`, [h]],
  ];
}

/** Of a layer, which may do without its input norm and have biases. */
export function layerShapes(at: string, sizes: LayerSizes): Shapes {
  const { hiddenSize: h, intermediateSize: m, headDim, inputNorm = true } = sizes;
  const q = sizes.heads * headDim;
  const kv = sizes.kvHeads * headDim;
  const norm: Shapes = [[`${at}.input_layernorm.weight`, [h]]];
  return [
    ...(inputNorm ? norm : []),
    ...matrix(`${at}.self_attn.q_proj`, q, h, sizes.qkvBias),
    ...matrix(`${at}.self_attn.k_proj`, kv, h, sizes.qkvBias),
    ...matrix(`${at}.self_attn.v_proj`, kv, h, sizes.qkvBias),
    ...matrix(`${at}.self_attn.o_proj`, h, q, sizes.outputBias),
    [`${at}.post_attention_layernorm.weight`, [h]],
    ...matrix(`${at}.mlp.gate_proj`, m, h, sizes.mlpBias),
    ...matrix(`${at}.mlp.up_proj`, m, h, sizes.mlpBias),
    ...matrix(`${at}.mlp.down_proj`, h, m, sizes.mlpBias),
  ];
}

function matrix(name: string, out: number, into: number, bias = false): Shapes {
  return bias ? linearShapes(name, out, into) : [[`${name}.weight`, [out, into]]];
}
