import type { BlockDraftConfig } from '../contracts/block-draft.ts';
import type { WeightRef } from '../contracts/checkpoint.ts';
import { rmsNorm } from '../graph/blocks/norms.ts';
import { embedding } from '../graph/blocks/stored-rows.ts';
import {
  constant,
  createGraph,
  fixedDim,
  type Graph,
  input,
  output,
  type Value,
} from '../graph/graph.ts';
import { add } from '../graph/operators/elementwise.ts';
import { concat, reshape, slice, split, splitLike, transpose } from '../graph/operators/layout.ts';
import { matmul } from '../graph/operators/matrix.ts';
import { logSoftmax, topk } from '../graph/operators/reduce.ts';
import { pastInputs } from '../model/pass-inputs.ts';
import { slotInputs, slotPass } from '../model/slot-pass.ts';
import {
  type BlockDraftWeights,
  blockDraftWeights,
  blockLayer,
  confidenceOf,
  contextRows,
  markovBias,
  markovRows,
  slotRows,
} from './block-parts.ts';
import { headLogits, spokenTokens } from './draft-head.ts';

/** Most candidates of a slot. */
const CANDIDATES = 32;

/** Candidates of a slot: fewer where the draft knows no more tokens. */
export const candidateCount = ({
  headTokenIds,
  vocabSize,
}: Pick<BlockDraftConfig, 'headTokenIds' | 'vocabSize'>): number =>
  Math.min(CANDIDATES, headTokenIds?.length ?? vocabSize);

/** What a block draft borrows of its target. */
export interface TargetWords {
  readonly embedding: WeightRef; // [V, H]
  readonly head: WeightRef; // [V, H]
}

/**
 * The block draft as it runs: n new context rows of any texts, and B slots of each of b texts that are guessed, x in all.
 * Inputs: features [n, H], visual [m, H] and order [n] where pictures are decoupled (`VisualContext`), roots [b],
 * slot_order [x] (`slotRows`), those of `slotInputs`, and those of `pastInputs` for every layer.
 * Outputs: of each slot the k likeliest tokens [b, B, k] with log_probs [b, B, k], the root counted in slot 0 and no
 * token before in the others; what each candidate of the slot before adds to each of a slot, biases [b, B - 1, k, k];
 * how surely the token behind the root is guessed right, root_confidence [b, 1, 1, 1], and that behind each candidate of
 * all slots but the last, confidences [b, B - 1, k, 1]; keys and values [layers · (n + x), kvHeads · headDim], of which those of new rows are to be kept.
 */
export function buildBlockDraft(
  config: BlockDraftConfig,
  tensors: ReadonlyMap<string, WeightRef>,
  target: TargetWords,
): Graph {
  const graph = createGraph('block-draft');
  const weights = blockDraftWeights(tensors, config);
  const { hiddenSize: h } = config;
  const features = input(graph, 'features', 'float32', ['n', h]);
  const visual = config.fusion === 'decoupled' ? visualInputs(graph, h) : undefined;
  const roots = input(graph, 'roots', 'int32', ['b']);
  const order = input(graph, 'slot_order', 'int32', ['x']);
  const pasts = weights.layers.map((_, layer) => pastInputs(graph, layer, config));
  const slots = slotInputs(graph, config);

  const context = contextRows(features, visual, weights, config);
  let x = slotRows(roots, order, target.embedding, weights.mask);
  const columns = weights.layers.map((layer, index) => {
    const attend = slotPass(slots, pasts[index] as (typeof pasts)[number], config);
    const result = blockLayer(x, context, layer, attend, config);
    x = result.x;
    return result.attended;
  });
  const y = rmsNorm(x, weights.norm, config.rmsNormEps);
  guess(y, headLogits(y, target.head, config), roots, weights, config);
  output(
    'keys',
    concat(
      columns.map(({ keys }) => keys),
      0,
    ),
  );
  output(
    'values',
    concat(
      columns.map(({ values }) => values),
      0,
    ),
  );
  return graph;
}

const visualInputs = (graph: Graph, width: number) => ({
  embeddings: input(graph, 'visual', 'float32', ['m', width]),
  order: input(graph, 'order', 'int32', ['n']),
});

/**
 * @param y of every slot, after the final norm [x, H]
 * @param base logits of every slot [x, V']
 */
function guess(
  y: Value,
  base: Value,
  roots: Value,
  { markov, confidence }: BlockDraftWeights,
  config: BlockDraftConfig,
): void {
  const { slots, hiddenSize, rank } = config;
  const vocab = fixedDim(base, 1);
  const k = candidateCount(config);
  const byText = reshape(base, ['b', slots, vocab]);
  const [first, later] = split(byText, [1, slots - 1], 1) as [Value, Value];
  const root = markovRows(roots, markov);
  const twice = markovBias(concat([root, root], 0), markov); // a product of one row runs another kernel
  const [bias] = splitLike(twice, [root, root], 0) as [Value, Value];
  const rooted = add(first, reshape(bias, ['b', 1, vocab]));
  const logProbs = logSoftmax(concat([rooted, later], 1));
  const best = topk(logProbs, constant(base.graph, BigInt64Array.of(BigInt(k)), [1]), 'k');
  const [values, places] = [best.values, best.indices].map((x) => reshape(x, ['b', slots, k])) as [
    Value,
    Value,
  ];
  const tokens = spokenTokens(places, config);
  const before = markovRows(slice(tokens, 1, 0, slots - 1), markov); // [b, B - 1, k, r]
  const after = embedding(markov.after.weight, slice(places, 1, 1, slots)); // [b, B - 1, k, r]
  const apart = reshape(y, ['b', slots, 1, hiddenSize]);
  const [atRoot, behind] = split(apart, [1, slots - 1], 1) as [Value, Value];
  output('tokens', tokens);
  output('log_probs', values);
  output('biases', matmul(before, transpose(after, [0, 1, 3, 2])));
  output('root_confidence', confidenceOf(atRoot, reshape(root, ['b', 1, 1, rank]), confidence));
  output('confidences', confidenceOf(behind, before, confidence));
}
