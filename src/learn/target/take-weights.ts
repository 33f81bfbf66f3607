import type { MemoryTensor, TensorRef, WeightRef } from '../../contracts/checkpoint.ts';
import {
  type Adapter,
  type AdapterSettings,
  adaptedMatrices,
  factorSource,
  initialFactors,
} from './adapters.ts';
import { type Part, partsOf, slotsOf } from './parts.ts';
import type { TargetNetworks, Tensors } from './target-networks.ts';

/** What learns, each at a rate of its own. */
export type LearnRates = Readonly<Partial<Record<Part | 'adapters', number | undefined>>>;

/** Which tensors learn, and which are adapted. */
export interface TargetWeights {
  /** Every tensor as graphs read it: in memory where it learns, else in its file. */
  readonly tensors: Tensors;
  readonly adapters: readonly Adapter[];
  /** The numbers of those that learn. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** What each of them belongs to. */
  readonly partOf: ReadonlyMap<string, Part | 'adapters'>;
}

/**
 * Takes what learns into memory.
 * @param stored by published names; a tied head is the table's own ref
 * @param read the numbers of a tensor
 */
export async function takeWeights(
  networks: TargetNetworks,
  stored: ReadonlyMap<string, TensorRef>,
  {
    learn,
    adapters: { rank },
    layers: chosen,
    seed,
  }: {
    readonly learn: LearnRates;
    readonly adapters: Pick<AdapterSettings, 'rank'>;
    /** The first and the last of the decoder's layers that learn, and nothing else of it. Default: all of it. */
    readonly layers?: readonly [first: number, last: number] | undefined;
    readonly seed: number;
  },
  read: (ref: TensorRef) => Promise<Float32Array>,
): Promise<TargetWeights> {
  const tensors = new Map<string, WeightRef>();
  const weights = new Map<string, Float32Array>();
  const partOf = new Map<string, Part | 'adapters'>();
  const adapters: Adapter[] = [];
  const learns = (tensor: MemoryTensor, part: Part | 'adapters'): MemoryTensor => {
    weights.set(tensor.name, tensor.data);
    partOf.set(tensor.name, part);
    return tensor;
  };
  const partNamed = partsOf(networks, stored);
  const layers = networks.weights(stored).layers.slice(...rangeOf(chosen));
  const within = new Set(layers.flatMap((layer) => [...slotsOf(layer).values()]));
  const isLeftOut = (ref: TensorRef, part: Part) =>
    part === 'decoder' && chosen !== undefined && !within.has(ref);
  const adapted = learn.adapters === undefined ? new Set() : adaptedMatrices({ layers });
  const known = new Map<TensorRef, WeightRef>();
  for (const [name, ref] of stored) {
    const part = partNamed(name);
    const { name: own, shape } = ref;
    const taken =
      known.get(ref) ??
      (learn[part] === undefined || isLeftOut(ref, part)
        ? ref
        : learns({ name: own, shape, dtype: 'F32', data: await read(ref) }, part));
    known.set(ref, taken);
    tensors.set(name, taken);
    if (!adapted.has(ref)) continue;
    const { a, b } = initialFactors({ name, shape }, rank, factorSource(seed, adapters.length));
    adapters.push({ matrix: taken, a: learns(a, 'adapters'), b: learns(b, 'adapters') });
  }
  return { tensors, adapters, weights, partOf };
}

/** As `slice` has it. */
const rangeOf = (chosen: readonly [number, number] | undefined): [number?, number?] =>
  chosen === undefined ? [] : [chosen[0], chosen[1] + 1];
