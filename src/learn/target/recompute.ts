/**
 * Training with recomputation (Chen et al., 2016): the network runs in segments, and of each decoder layer only its
 * input is kept; on the way back a layer is computed again inside the graph that differentiates it. ONNX Runtime would
 * merge a second computation with the first in one graph, so the segments are sessions of their own. All layers but the
 * last share one pair of sessions that is fed the layer's weights, so that memory for one layer's inside is held once.
 */
import type { TensorRef } from '../../contracts/checkpoint.ts';
import type { Feeds, Tensor } from '../../contracts/session.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Sizes } from '../../graph/live-peak.ts';
import type { DecoderLayerWeights } from '../../model/decoder-layer.ts';
import type { LearnedWeight } from '../backward.ts';
import { adapt } from './adapters.ts';
import type { DecoderLearning, DecoderSettings } from './decoder-learning.ts';
import { type OpenSegment, openBackward, openForward } from './open-segment.ts';
import { slotsOf } from './parts.ts';
import { outside, type PlacedSegment, runBackward, runForward } from './run-segment.ts';
import { enteringSegment, layerSegment, lossSegment } from './segments.ts';
import { fedAsFloats, frozenWeights, type SharedLayers, sharedLayers } from './shared-layers.ts';
import type { TargetNetworks, Tensors } from './target-networks.ts';

interface RecomputeSettings extends DecoderSettings {
  readonly networks: Pick<TargetNetworks, 'weights'>;
  readonly tensors: Tensors;
  readonly read: (ref: TensorRef) => Promise<Float32Array>;
}

interface Segments {
  /** What enters the decoder; back only where something of it learns. */
  readonly enter: OpenSegment;
  readonly enterBack: OpenSegment | undefined;
  /** Any layer but the last, under the names of the first; undefined where there is only the last. */
  readonly layer: { readonly forward: OpenSegment; readonly backward: OpenSegment } | undefined;
  /** The last layer, the head and the loss. */
  readonly last: OpenSegment;
}

/** The same loss and gradients as `openWhole`, with a lower peak of memory. */
export async function openRecomputed(settings: RecomputeSettings): Promise<DecoderLearning> {
  const { decoder, kind, tensors, read } = settings;
  const shared = sharedLayers(settings.weights.layers.slice(0, -1), settings.adapters);
  const { enter, enterBack, layer, last } = await openSegments(settings, shared);
  const frozen = await frozenWeights(tensors, shared, read);
  const layers = Array.from({ length: shared.count }, (_, index) => index);
  const placed = (segment: OpenSegment | undefined, index: number): PlacedSegment => ({
    segment: segment as OpenSegment,
    nameOf: shared.nameOf(index),
    frozen,
  });
  const opened = [enter, enterBack, layer?.forward, layer?.backward, last];

  const run: DecoderLearning['run'] = async (feeds, step) => {
    const batch = pick(feeds, ['grid', 'bias', 'cos', 'sin']);
    const entering = pick(feeds, ['ids', 'visual', 'order']);
    const judged = pick(feeds, ['heads', 'labels', 'share']);
    const rows: Tensor[] = [];
    let x = await runForward({ segment: enter }, step, entering);
    for (const index of layers) {
      rows.push(x);
      x = await runForward(placed(layer?.forward, index), step, { x, ...batch });
    }
    const top = await runBackward({ segment: last }, step, { x, ...batch, ...judged }, [
      'value',
      'gradient x',
    ]);
    step.results.loss = top.value as Tensor;
    let above = top['gradient x'] as Tensor;
    for (const index of layers.toReversed()) {
      const own = { x: rows.pop() as Tensor, ...batch, above };
      const result = await runBackward(placed(layer?.backward, index), step, own, ['gradient x']);
      above = result['gradient x'] as Tensor;
    }
    if (enterBack === undefined) return undefined;
    const wanted = kind.towerLearns ? ['gradient x'] : [];
    const result = await runBackward({ segment: enterBack }, step, { ...entering, above }, wanted);
    return result['gradient x'];
  };

  /** The segment that holds most, and the rows that are kept between the segments. */
  const bytes = (sizes: Sizes) =>
    Math.max(...opened.map((segment) => segment?.bytes(sizes) ?? 0)) +
    (shared.count + 2) * 4 * (sizes.r ?? 0) * decoder.hiddenSize;
  return {
    learned: learnedOf(enterBack, last, layer?.backward, shared),
    run,
    bytes,
    dispose: async () => {
      await Promise.all(opened.map((segment) => segment?.session.dispose()));
    },
  };
}

async function openSegments(
  { decoder, kind, adapters, adapterSettings, openSession, networks, tensors }: RecomputeSettings,
  shared: SharedLayers,
): Promise<Segments> {
  const weights = networks.weights(fedAsFloats(tensors, shared));
  const adaptLayer = (index: number) => (graph: Graph) => {
    const refs = [...slotsOf(weights.layers[index] as DecoderLayerWeights).values()];
    const own = adapters.flatMap((adapter) => {
      const matrix = refs.find(({ name }) => name === adapter.matrix.name);
      return matrix === undefined ? [] : [{ ...adapter, matrix }];
    });
    adapt(graph, own, adapterSettings);
  };
  const layer = () =>
    layerSegment(decoder, weights.layers[0] as DecoderLayerWeights, kind, adaptLayer(0));
  const entering = () => enteringSegment(decoder, weights, kind);
  const whole = lossSegment(decoder, weights, kind, adaptLayer(shared.count));
  const all = () => true;
  return {
    enter: await openForward(entering(), openSession),
    enterBack: await openBackward(entering(), openSession),
    layer:
      shared.count === 0
        ? undefined
        : {
            forward: await openForward(layer(), openSession, all),
            backward: (await openBackward(layer(), openSession, all)) as OpenSegment,
          },
    last: (await openBackward(whole, openSession)) as OpenSegment, // it reads rows: never undefined
  };
}

/** Every weight that learns, by its name outside the segments, once. */
function learnedOf(
  enterBack: OpenSegment | undefined,
  last: OpenSegment,
  layer: OpenSegment | undefined,
  { count, nameOf }: SharedLayers,
): LearnedWeight[] {
  const learned = new Map<string, LearnedWeight>();
  const learn = (segment: OpenSegment | undefined, own = (name: string) => name) => {
    for (const weight of segment?.learned ?? []) {
      const outer = outside({ ...weight, name: own(weight.name) });
      learned.set(outer.name, outer);
    }
  };
  learn(enterBack);
  learn(last);
  for (let index = 0; index < count; index++) learn(layer, nameOf(index));
  return [...learned.values()];
}

function pick(feeds: Feeds, names: readonly string[]): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => names.includes(name)));
}
