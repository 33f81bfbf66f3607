import type { TensorRef } from '../../contracts/checkpoint.ts';
import { floatTensor, type Session, type Tensor } from '../../contracts/session.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import { llavaDecoder } from '../../families/llava-parts/llava-tensors.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { createGraph, type Graph } from '../../graph/graph.ts';
import { isInMemory } from '../network/in-memory.ts';
import { type Adapter, type AdapterSettings, adapt } from './adapters.ts';
import { backwardPart, forwardPart, type OpenPart } from './open-part.ts';
import { enteringRows, layerPart, lossPart, type TargetPart } from './target-parts.ts';

export interface RecomputeSettings {
  readonly config: LlavaConfig;
  readonly tensors: ReadonlyMap<string, TensorRef>;
  readonly adapters: readonly Adapter[];
  readonly adapterSettings: AdapterSettings;
  readonly withPictures: boolean;
  readonly openSession: (graph: Graph) => Promise<Session>;
}

interface RecomputeParts {
  /** What enters the decoder; back only where something of it learns. */
  readonly enter: OpenPart;
  readonly enterBack: OpenPart | undefined;
  /** Any layer but the last, under the names of layer 0; undefined where there is only the last. */
  readonly layer: { readonly forward: OpenPart; readonly backward: OpenPart } | undefined;
  /** The last layer, the head and the loss. */
  readonly last: OpenPart;
  /** Layers that share `layer`. */
  readonly count: number;
  /** Their weights that don't learn, by name. */
  readonly frozen: ReadonlyMap<string, Tensor>;
}

/** Opens the parts that training with recomputation runs. */
export async function openParts(settings: RecomputeSettings): Promise<RecomputeParts> {
  const { config, adapterSettings, withPictures, openSession } = settings;
  const count = config.decoder.layers - 1;
  const isShared = (name: string) => {
    const index = layerOf(name);
    return index !== undefined && index < count;
  };
  const fedAsFloats = (ref: TensorRef) =>
    isShared(ref.name) ? { ...ref, dtype: 'F32' as const } : ref;
  const tensors = new Map([...settings.tensors].map(([name, ref]) => [name, fedAsFloats(ref)]));
  const adapters = settings.adapters.map((one) => ({ ...one, matrix: fedAsFloats(one.matrix) }));
  const adaptLayer = (index: number) => (graph: Graph) => {
    const own = adapters.filter(({ matrix }) => layerOf(matrix.name) === index);
    adapt(graph, own, adapterSettings);
  };
  const weights = llavaDecoder(config, tensors);
  const [first] = weights.layers;
  if (first === undefined) throw new RangeError('A decoder has at least one layer.');
  const entering = (): TargetPart => {
    const graph = createGraph('target-entering');
    return { graph, value: enteringRows(graph, config, tensors, weights.embedding, withPictures) };
  };
  const layer = () => layerPart(config, first, adaptLayer(0));
  const whole = lossPart(config, weights, adaptLayer(count));
  const fedAll = () => true;
  return {
    enter: await forwardPart(entering(), isInMemory, openSession),
    enterBack: await backwardPart(entering(), isInMemory, openSession),
    layer:
      count === 0
        ? undefined
        : {
            forward: await forwardPart(layer(), fedAll, openSession),
            backward: (await backwardPart(layer(), fedAll, openSession)) as OpenPart,
          },
    last: (await backwardPart(whole, isInMemory, openSession)) as OpenPart, // it reads rows: never undefined
    count,
    frozen: await frozenWeights(settings.tensors, isShared),
  };
}

/** Weights that don't learn of the layers that are fed theirs, read once. */
async function frozenWeights(
  tensors: ReadonlyMap<string, TensorRef>,
  isShared: (name: string) => boolean,
): Promise<Map<string, Tensor>> {
  const frozen = new Map<string, Tensor>();
  for (const [name, ref] of tensors) {
    if (isInMemory(ref) || !isShared(name)) continue;
    frozen.set(name, floatTensor(await readFloats(ref), ref.shape));
  }
  return frozen;
}

const LAYER = /^(language_model\..*\.layers\.)(\d+)\./;

function layerOf(name: string): number | undefined {
  const index = LAYER.exec(name)?.[2];
  return index === undefined ? undefined : Number(index);
}

/** The name that a weight of one decoder layer has in another; its own without an `index`. */
export const nameInLayer = (name: string, index?: number): string =>
  index === undefined ? name : name.replace(LAYER, `$1${index}.`);
