/**
 * Training with recomputation (Chen et al., 2016): the network runs in parts, and of each decoder layer only its input
 * is kept; on the way back a layer is computed again inside the graph that differentiates it. ONNX Runtime would merge
 * a second computation with the first in one graph, so the parts are sessions of their own. All layers but the last
 * share one pair of sessions that is fed the layer's weights, so that memory for one layer's inside is held once.
 */
import type { Session, Tensor } from '../../contracts/session.ts';
import type { Sizes } from '../../graph/live-peak.ts';
import type { LearnedWeight } from '../network/backward.ts';
import type { LearningGraph } from '../network/learner.ts';
import type { OpenPart } from './open-part.ts';
import { nameInLayer, openParts, type RecomputeSettings } from './recompute-parts.ts';

type Feeds = Readonly<Record<string, Tensor>>;

/** A network to learn with, and the bytes that a run of it holds besides weights. */
export interface Learning extends LearningGraph {
  readonly bytes: (sizes: Sizes) => number;
}

/** The same loss and gradients as `buildTargetLoss` with `addBackward`, with a lower peak of memory. */
export async function openRecomputed(settings: RecomputeSettings): Promise<Learning> {
  const { hiddenSize } = settings.config.decoder;
  const { enter, enterBack, layer, last, count, frozen } = await openParts(settings);
  const opened = [enter, enterBack, layer?.forward, layer?.backward, last];
  const layers = layer === undefined ? [] : Array.from({ length: count }, (_, index) => index);

  /** Feeds of a part's weights; a layer's stand under the names of layer 0. */
  const weightsOf = (part: OpenPart, given: Feeds, index?: number): Record<string, Tensor> => {
    const feeds: Record<string, Tensor> = {};
    for (const [name, key] of part.fed) {
      const own = nameInLayer(name, index);
      feeds[key] = (given[inputOf(own)] ?? frozen.get(own)) as Tensor;
    }
    return feeds;
  };
  const forward = async (part: OpenPart, given: Feeds, feeds: Feeds, index?: number) => {
    const result = await part.session.run({ ...feeds, ...weightsOf(part, given, index) }, [
      'value',
    ]);
    return result.value as Tensor;
  };
  /** Runs a part backward and puts its gradients into `results`. */
  const backward = async (
    part: OpenPart,
    given: Feeds,
    results: Record<string, Tensor>,
    { feeds, outputs, index }: { feeds: Feeds; outputs: readonly string[]; index?: number },
  ) => {
    const before: Record<string, Tensor> = {};
    for (const weight of part.learned) {
      const own = outside(weight, index);
      // A weight that two parts read, such as a tied head, adds to what the first gave.
      before[weight.before] = (results[own.gradient] ?? given[own.before]) as Tensor;
    }
    const result = await part.session.run(
      { ...feeds, ...weightsOf(part, given, index), ...before },
      [...outputs, ...part.learned.map(({ gradient }) => gradient)],
    );
    for (const weight of part.learned) {
      results[outside(weight, index).gradient] = result[weight.gradient] as Tensor;
    }
    return result;
  };

  async function run(given: Feeds): Promise<Record<string, Tensor>> {
    const batch = pick(given, ['grid', 'bias', 'cos', 'sin']);
    const words = pick(given, ['ids', 'pixels', 'order']);
    const judged = pick(given, ['heads', 'labels', 'share']);
    const results: Record<string, Tensor> = {};
    const rows: Tensor[] = [];
    let x = await forward(enter, given, words);
    for (const index of layers) {
      rows.push(x);
      x = await forward(layer?.forward as OpenPart, given, { x, ...batch }, index);
    }
    const top = await backward(last, given, results, {
      feeds: { x, ...batch, ...judged },
      outputs: ['value', 'gradient x'],
    });
    results.loss = top.value as Tensor;
    let above = top['gradient x'] as Tensor;
    for (const index of layers.toReversed()) {
      const feeds = { x: rows.pop() as Tensor, ...batch, above };
      const outputs = ['gradient x'];
      const part = layer?.backward as OpenPart;
      const result = await backward(part, given, results, { feeds, outputs, index });
      above = result['gradient x'] as Tensor;
    }
    if (enterBack !== undefined) {
      await backward(enterBack, given, results, { feeds: { ...words, above }, outputs: [] });
    }
    return results;
  }

  const learned = new Map<string, LearnedWeight>();
  const learn = (part: OpenPart | undefined, index?: number) => {
    for (const weight of part?.learned ?? []) {
      const own = outside(weight, index);
      learned.set(own.name, own);
    }
  };
  learn(enterBack);
  learn(last);
  for (const index of layers) learn(layer?.backward, index);
  const session: Session = {
    run,
    dispose: async () => {
      await Promise.all(opened.map((part) => part?.session.dispose()));
    },
  };
  /** The part that holds most, and the rows that are kept between the parts. */
  const bytes = (sizes: Sizes) =>
    Math.max(...opened.map((part) => part?.bytes(sizes) ?? 0)) +
    (count + 2) * 4 * (sizes.r ?? 0) * hiddenSize;
  return { session, learned: [...learned.values()], sums: ['loss'], bytes };
}

const inputOf = (name: string): string => `weight ${name}`;

/** What a weight of a part is called outside, where a layer's has its own name. */
function outside({ name, shape }: LearnedWeight, index?: number): LearnedWeight {
  const own = nameInLayer(name, index);
  return {
    name: own,
    shape,
    input: inputOf(own),
    before: `before ${own}`,
    gradient: `gradient ${own}`,
  };
}

function pick(feeds: Feeds, names: readonly string[]): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => names.includes(name)));
}
