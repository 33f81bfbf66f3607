import type { WeightRef } from '../../contracts/checkpoint.ts';
import type { LinearWeights } from '../../graph/blocks/linear.ts';
import type { DecoderLayerWeights } from '../../model/decoder-layer.ts';
import type { LlamaWeights } from '../../model/llama.ts';
import type { TargetNetworks, Tensors } from './target-networks.ts';

/** The parts of a target that learn at rates of their own. */
export type Part = 'projector' | 'tower' | 'decoder' | 'embeddings';

/** The part that each tensor belongs to, by its published name. */
export function partsOf(
  { weights, projector }: TargetNetworks,
  tensors: Tensors,
): (name: string) => Part {
  const own = weights(tensors);
  const tables = new Set([own.embedding, own.head]);
  const decoder = new Set(decoderTensors(own));
  return (name) => {
    const ref = tensors.get(name) as WeightRef;
    if (tables.has(ref)) return 'embeddings';
    if (decoder.has(ref)) return 'decoder';
    return projector.some((prefix) => name.startsWith(prefix)) ? 'projector' : 'tower';
  };
}

/** All tensors of a decoder, its tables included. */
export const decoderTensors = ({ embedding, head, layers, norm }: LlamaWeights): WeightRef[] => [
  ...[embedding, head, norm],
  ...layers.flatMap((layer) => [...slotsOf(layer).values()]),
];

/** The tensors of a decoder layer by what they are there, such as `query.weight`; alike for all layers of a decoder. */
export function slotsOf(layer: DecoderLayerWeights): Map<string, WeightRef> {
  const slots = new Map<string, WeightRef>();
  const tensors: Record<string, WeightRef | LinearWeights> = { ...layer };
  for (const [slot, of] of Object.entries(tensors)) {
    if ('name' in of) slots.set(slot, of);
    else {
      slots.set(`${slot}.weight`, of.weight);
      if (of.bias !== undefined) slots.set(`${slot}.bias`, of.bias);
    }
  }
  return slots;
}
