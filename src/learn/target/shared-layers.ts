/** Layers that share the sessions of the first, which is fed the weights of the one whose turn it is. */
import { isInMemory, type TensorRef, type WeightRef } from '../../contracts/checkpoint.ts';
import { floatTensor, type Tensor } from '../../contracts/session.ts';
import type { DecoderLayerWeights } from '../../model/decoder-layer.ts';
import type { Adapter } from './adapters.ts';
import { slotsOf } from './parts.ts';
import type { Tensors } from './target-networks.ts';

export interface SharedLayers {
  readonly count: number;
  /** What a layer calls the weights of the first. */
  readonly nameOf: (layer: number) => (name: string) => string;
  readonly has: (ref: WeightRef) => boolean;
}

export function sharedLayers(
  layers: readonly DecoderLayerWeights[],
  adapters: readonly Adapter[],
): SharedLayers {
  const adapterOf = new Map(adapters.map((adapter) => [adapter.matrix.name, adapter]));
  const names = layers.map((layer) =>
    [...slotsOf(layer).values()].flatMap(({ name }) => {
      const adapter = adapterOf.get(name);
      return adapter === undefined ? [name] : [name, adapter.a.name, adapter.b.name];
    }),
  );
  const placeOf = new Map(names[0]?.map((name, place) => [name, place]));
  const shared = new Set(names.flat());
  return {
    count: layers.length,
    nameOf: (layer) => (name) => names[layer]?.[placeOf.get(name) ?? -1] ?? name,
    has: ({ name }) => shared.has(name),
  };
}

/** Tensors of shared layers as they are fed: in fp32, whatever their files hold. */
export function fedAsFloats(tensors: Tensors, { has }: SharedLayers): Tensors {
  const fed = (ref: WeightRef): WeightRef =>
    isInMemory(ref) || !has(ref) ? ref : { ...ref, dtype: 'F32' };
  return new Map([...tensors].map(([name, ref]) => [name, fed(ref)]));
}

/** Weights of shared layers that don't learn, read once. */
export async function frozenWeights(
  tensors: Tensors,
  { has }: SharedLayers,
  read: (ref: TensorRef) => Promise<Float32Array>,
): Promise<Map<string, Tensor>> {
  const frozen = new Map<string, Tensor>();
  for (const ref of tensors.values()) {
    if (isInMemory(ref) || !has(ref)) continue;
    frozen.set(ref.name, floatTensor(await read(ref), ref.shape));
  }
  return frozen;
}
