/**
 * Training with recomputation (Chen et al., 2016): the network runs in parts, and of each decoder layer only its input
 * is kept; on the way back a layer is computed again inside the graph that differentiates it. ONNX Runtime would merge
 * a second computation with the first in one graph, so the parts are sessions of their own. All layers but the last
 * share one pair of sessions that is fed the layer's weights, so that memory for one layer's inside is held once.
 */
import { readFloats } from '../../checkpoint/read-tensor.ts';
import type { LlavaConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { floatTensor, type Session, type Tensor } from '../../contracts/session.ts';
import { differentiate } from '../../graph/autodiff/differentiate.ts';
import {
  createGraph,
  feedWeights,
  type Graph,
  input,
  output,
  type Value,
} from '../../graph/graph.ts';
import type { Sizes } from '../../graph/live-peak.ts';
import { add } from '../../graph/operators/elementwise.ts';
import { llavaDecoder } from '../../model/llava.ts';
import type { LearnedWeight } from '../network/backward.ts';
import { isHeld } from '../network/held.ts';
import { runBytes } from '../network/run-bytes.ts';
import { type Adapter, type AdapterSettings, adapt } from './adapters.ts';
import type { Learning } from './target-learning.ts';
import { enteringRows, layerPart, lossPart, type TargetPart } from './target-parts.ts';

type Feeds = Readonly<Record<string, Tensor>>;

/** A session of a part, and what it calls the weights it is fed. */
interface OpenPart {
  readonly graph: Graph;
  readonly session: Session;
  /** Input of each weight, by the weight's name. */
  readonly fed: ReadonlyMap<string, string>;
  /** Names of those whose gradients it gives. */
  readonly learned: readonly string[];
}

export interface RecomputeSettings {
  readonly config: LlavaConfig;
  readonly tensors: ReadonlyMap<string, TensorRef>;
  readonly adapters: readonly Adapter[];
  readonly adapterSettings: AdapterSettings;
  readonly withPictures: boolean;
  readonly openSession: (graph: Graph) => Promise<Session>;
}

/** The same loss and gradients as `buildTargetLoss` with `addBackward`, with a lower peak of memory. */
export async function openRecomputed(settings: RecomputeSettings): Promise<Learning> {
  const { config, adapterSettings, withPictures, openSession } = settings;
  const isShared = sharedLayers(config.decoder.layers);
  const fedAsFloats = (ref: TensorRef) =>
    isShared(ref.name) ? { ...ref, dtype: 'F32' as const } : ref;
  const tensors = new Map([...settings.tensors].map(([name, ref]) => [name, fedAsFloats(ref)]));
  const adapters = settings.adapters.map((one) => ({ ...one, matrix: fedAsFloats(one.matrix) }));
  const prepare = (index: number) => (graph: Graph) => {
    const own = adapters.filter(({ matrix }) => layerOf(matrix.name) === index);
    adapt(graph, own, adapterSettings);
  };
  const weights = llavaDecoder(config, tensors);
  const entering = (): TargetPart => {
    const graph = createGraph('target-entering');
    return { graph, value: enteringRows(graph, config, tensors, weights.embedding, withPictures) };
  };
  const first = weights.layers[0];
  const count = weights.layers.length - 1;
  if (first === undefined) throw new RangeError('A decoder has at least one layer.');
  const layer = () => layerPart(config, first, prepare(0));
  const learns = { held: isHeld, all: () => true };

  const enter = await forwardPart(entering(), learns.held, openSession);
  const enterBack = await backwardPart(entering(), learns.held, openSession);
  const forward = count > 0 ? await forwardPart(layer(), learns.all, openSession) : undefined;
  const backward = count > 0 ? await backwardPart(layer(), learns.all, openSession) : undefined;
  const last = await backwardPart(
    lossPart(config, weights, prepare(count)),
    learns.held,
    openSession,
  );
  const frozen = await frozenLayers(settings.tensors, isShared);

  const names = new Set([
    ...(enterBack?.learned ?? []),
    ...(last?.learned ?? []),
    ...(backward?.learned ?? []).flatMap((name) =>
      Array.from({ length: count }, (_, index) => nameInLayer(name, index)),
    ),
  ]);
  const learned = [...names].map((name) => learnedWeight(name, shapeOf(name)));

  function shapeOf(name: string): readonly number[] {
    const canonical = nameInLayer(name, 0);
    const part = [enterBack, backward, last].find(
      (part) => part?.shapes.has(name) || part?.shapes.has(canonical),
    );
    return (part?.shapes.get(name) ?? part?.shapes.get(canonical)) as readonly number[];
  }
  /** Feeds of a part's weights; a layer's stand under the names of layer 0. */
  const weightsOf = (part: OpenPart, given: Feeds, index?: number): Record<string, Tensor> => {
    const feeds: Record<string, Tensor> = {};
    for (const [name, key] of part.fed) {
      const own = index === undefined ? name : nameInLayer(name, index);
      feeds[key] = (given[weightInput(own)] ?? frozen.get(own)) as Tensor;
    }
    return feeds;
  };

  const session: Session = {
    async run(given) {
      const batch = pick(given, ['grid', 'bias', 'cos', 'sin']);
      const words = pick(given, ['ids', 'pixels', 'order']);
      const results: Record<string, Tensor> = {};
      const rows: Tensor[] = [];
      let x = (await enter.session.run({ ...words, ...weightsOf(enter, given) }, ['value']))
        .value as Tensor;
      for (let index = 0; index < count && forward !== undefined; index++) {
        rows.push(x);
        const feeds = { x, ...batch, ...weightsOf(forward, given, index) };
        x = (await forward.session.run(feeds, ['value'])).value as Tensor;
      }
      /** Runs a part backward; what flows to the part before. */
      const back = async (part: OpenPart, feeds: Feeds, outputs: string[], index?: number) => {
        const own = (name: string) => (index === undefined ? name : nameInLayer(name, index));
        const before = Object.fromEntries(
          part.learned.map((name) => [
            beforeInput(name),
            // A weight that two parts read, such as a tied head, adds to what the first gave.
            (results[gradientOutput(own(name))] ?? given[beforeInput(own(name))]) as Tensor,
          ]),
        );
        const wanted = [...outputs, ...part.learned.map(gradientOutput)];
        const result = await part.session.run(
          { ...feeds, ...weightsOf(part, given, index), ...before },
          wanted,
        );
        for (const name of part.learned) {
          results[gradientOutput(own(name))] = result[gradientOutput(name)] as Tensor;
        }
        return result;
      };
      const judged = pick(given, ['heads', 'labels', 'share']);
      const top = await back(last as BackwardPart, { x, ...batch, ...judged }, [
        'value',
        'gradient x',
      ]);
      results.loss = top.value as Tensor;
      let gradient = top['gradient x'] as Tensor;
      for (let index = count - 1; index >= 0 && backward !== undefined; index--) {
        const feeds = { x: rows.pop() as Tensor, ...batch, above: gradient };
        gradient = (await back(backward, feeds, ['gradient x'], index))['gradient x'] as Tensor;
      }
      if (enterBack !== undefined) await back(enterBack, { ...words, above: gradient }, []);
      return results;
    },
    async dispose() {
      await Promise.all(parts.map((part) => part?.session.dispose()));
    },
  };
  const parts = [enter, enterBack, forward, backward, last];
  const rowBytes = (sizes: Sizes) => 4 * (sizes.r ?? 0) * config.decoder.hiddenSize;
  /** The part that holds most, and what is kept between the parts. */
  const bytes = (sizes: Sizes) =>
    Math.max(...parts.map((part) => (part === undefined ? 0 : runBytes(part.graph, sizes)))) +
    (count + 2) * rowBytes(sizes);
  return { session, learned, sums: ['loss'], bytes };
}

interface BackwardPart extends OpenPart {
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

async function forwardPart(
  { graph, value }: TargetPart,
  isFed: (ref: TensorRef) => boolean,
  openSession: RecomputeSettings['openSession'],
): Promise<OpenPart> {
  const fed = inputsOf(feedWeights(graph, isFed));
  output('value', value);
  return { graph, session: await openSession(graph), fed, learned: [] };
}

/** A part with the gradients of what it reads and of its weights that learn; undefined where nothing is to learn. */
async function backwardPart(
  { graph, value, x }: TargetPart,
  isFed: (ref: TensorRef) => boolean,
  openSession: RecomputeSettings['openSession'],
): Promise<BackwardPart | undefined> {
  const held = new Set(
    [...graph.weights.values()].flatMap(({ ref }) => (isHeld(ref) ? [ref.name] : [])),
  );
  const values = feedWeights(graph, isFed);
  const learned = [...values].filter(([name]) => held.has(name));
  const read = x === undefined ? [] : [x];
  if (learned.length + read.length === 0) return undefined;
  const isLoss = value.shape.length === 1;
  const above = isLoss ? undefined : input(graph, 'above', 'float32', value.shape);
  const wrt = [...read, ...learned.map(([, weight]) => weight)];
  const gradients = differentiate(value, wrt, above);
  if (x !== undefined) output('gradient x', gradients[0] as Value);
  for (const [index, [name, weight]] of learned.entries()) {
    const before = input(graph, beforeInput(name), 'float32', weight.shape);
    output(gradientOutput(name), add(before, gradients[read.length + index] as Value));
  }
  if (isLoss) output('value', value);
  return {
    graph,
    session: await openSession(graph),
    fed: inputsOf(values),
    learned: learned.map(([name]) => name),
    shapes: new Map(learned.map(([name, weight]) => [name, weight.shape.map(Number)])),
  };
}

/** Weights of the shared layers that don't learn, read once: their sessions are fed them. */
async function frozenLayers(
  tensors: ReadonlyMap<string, TensorRef>,
  isShared: (name: string) => boolean,
): Promise<Map<string, Tensor>> {
  const frozen = new Map<string, Tensor>();
  for (const [name, ref] of tensors) {
    if (isHeld(ref) || !isShared(name)) continue;
    frozen.set(name, floatTensor(await readFloats(ref), ref.shape));
  }
  return frozen;
}

const LAYER = /^(language_model\..*\.layers\.)(\d+)\./;

/** Whether a weight belongs to a layer that shares its sessions: any but the last. */
const sharedLayers =
  (layers: number) =>
  (name: string): boolean => {
    const index = layerOf(name);
    return index !== undefined && index < layers - 1;
  };

function layerOf(name: string): number | undefined {
  const index = LAYER.exec(name)?.[2];
  return index === undefined ? undefined : Number(index);
}

/** The name that a weight of one decoder layer has in another. */
const nameInLayer = (name: string, index: number): string => name.replace(LAYER, `$1${index}.`);

const weightInput = (name: string): string => `weight ${name}`;
const beforeInput = (name: string): string => `before ${name}`;
const gradientOutput = (name: string): string => `gradient ${name}`;

const learnedWeight = (name: string, shape: readonly number[]): LearnedWeight => ({
  name,
  shape,
  input: weightInput(name),
  before: beforeInput(name),
  gradient: gradientOutput(name),
});

const inputsOf = (values: ReadonlyMap<string, Value>): Map<string, string> =>
  new Map([...values].map(([name, value]) => [name, value.name]));

function pick(feeds: Feeds, names: readonly string[]): Record<string, Tensor> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const tensor = feeds[name];
      return tensor === undefined ? [] : [[name, tensor]];
    }),
  );
}
