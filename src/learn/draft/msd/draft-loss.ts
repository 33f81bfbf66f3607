import type { DraftConfig, WeightRef } from '../../../contracts/checkpoint.ts';
import type { DraftPositions } from '../../../contracts/load.ts';
import { readHead } from '../../../draft/draft-head.ts';
import { draftWeights, type Fusion } from '../../../draft/msd-graph.ts';
import { batchedAttention } from '../../../graph/blocks/attention.ts';
import { linear } from '../../../graph/blocks/linear.ts';
import { embedding } from '../../../graph/blocks/stored-rows.ts';
import { createGraph, type Graph, input, output, type Value } from '../../../graph/graph.ts';
import { add, mul, scale } from '../../../graph/operators/elementwise.ts';
import { concat, gather } from '../../../graph/operators/layout.ts';
import { gemm } from '../../../graph/operators/matrix.ts';
import { sumAll } from '../../../graph/operators/reduce.ts';
import { type Batch, batchInputs, splitBatchHeads } from '../../../model/batch-pass.ts';
import { decoderLayer } from '../../../model/decoder-layer.ts';
import { agreeing, smoothL1, softCrossEntropy } from '../../losses.ts';
import { type DepthRows, unrolledAttention } from './unrolled-attention.ts';

export interface DraftObjective {
  readonly fusion: Fusion;
  /** Shares of the two losses: SmoothL1 of features, and cross-entropy of tokens. Published: 1 and 0.1. */
  readonly featureWeight: number;
  readonly tokenWeight: number;
  /** Depths of its own guesses that the draft is taught; published: 1. */
  readonly depths: number;
  /** Weight of a depth's loss, by that of the one before. */
  readonly depthDecay: number;
  /** Where rows stand; published: at their places in the text, whatever the target does. */
  readonly placing: DraftPositions;
}

/**
 * The draft's training loss over a batch of b dialogues of n rows (paper section 3.3; Lyn-Lucy/MSD,
 * main_deepspeed.py). Row p reads the next token and the target's feature at p, and predicts the feature at p + 1. At
 * depth 2 and beyond it reads the feature that it predicted itself (as EAGLE-3's training-time test).
 *
 * Inputs: ids [r], features [r, H], text [r, 1] (1 where the next token is a word, 0 where visual), visual [r, H]
 * (embeddings at visual rows, 0 elsewhere), those of `batchInputs`, and for each depth d = 1, 2, … heads_d [w] (rows
 * that are judged), expected_d [w, H] (the target's features that follow them), share_d [1] (1 / rows judged in the
 * whole batch); from depth 2 on bias_d [n, n] (who sees which true features) and back_(d-1) [r] (the row that stands
 * d - 1 before each).
 * Outputs: loss [1]; of depth 1 feature_loss [1] and token_loss [1] (parts of the batch's means); for each depth
 * agreeing_d [1] (a count).
 */
export function buildDraftLoss(
  config: DraftConfig,
  tensors: ReadonlyMap<string, WeightRef>,
  head: WeightRef,
  { fusion, featureWeight, tokenWeight, depths, depthDecay, placing }: DraftObjective,
): { graph: Graph; loss: Value } {
  const graph = createGraph(`draft-loss-${fusion}`);
  const { hiddenSize } = config;
  const rows = (name: string, width: number) => input(graph, name, 'float32', ['r', width]);
  const ids = input(graph, 'ids', 'int32', ['r']);
  const features = rows('features', hiddenSize);
  const text = rows('text', 1);
  const visual = rows('visual', hiddenSize);
  const batch = batchInputs(graph, config.headDim, placing === 'mrope');
  const weights = draftWeights(tensors, config);
  const words = embedding(weights.embedding, ids);
  const fuse = (next: Value, feature: Value) => linear(concat([next, feature], 1), weights.fc);
  const choose = (rows: Value) => add(mul(rows, text), visual);

  const splitHeads = splitBatchHeads(batch, config.headDim);
  const headRows = readHead(graph, head, config);
  const seen: DepthRows[] = [];
  const back: Value[] = [];
  const losses: Value[] = [];
  let x = fusion === 'decoupled' ? choose(fuse(words, features)) : fuse(choose(words), features);
  for (let depth = 1; depth <= depths; depth++) {
    const attend = attention(graph, batch, depth, seen, back);
    const heads = input(graph, `heads_${depth}`, 'int32', [`w${depth}`]);
    const pick = (rows: Value) => gather(rows, heads);
    // The next depth reads every row; after the last only the judged ones go through the rest of the layer.
    const last = depth === depths;
    const pass = { rotary: batch.rotary, splitHeads, attend, ...(last && { keepRows: pick }) };
    const hidden = decoderLayer(x, weights.layer, pass, config).x;
    const judged = judge(last ? hidden : pick(hidden), headRows, depth);
    losses.push(
      add(scale(judged.featureLoss, featureWeight), scale(judged.tokenLoss, tokenWeight)),
    );
    if (depth === 1) {
      output('feature_loss', judged.featureLoss);
      output('token_loss', judged.tokenLoss);
    }
    output(`agreeing_${depth}`, judged.agreeing);
    if (last) break;
    back.push(input(graph, `back_${depth}`, 'int32', ['r']));
    x = fuse(words, gather(hidden, back[0] as Value));
  }
  const loss = weighted(losses, depthDecay);
  output('loss', loss);
  return { graph, loss };
}

/** Attention of a depth, over what the depths before it left in `seen`. */
function attention(
  graph: Graph,
  batch: Batch,
  depth: number,
  seen: DepthRows[],
  back: readonly Value[],
): (q: Value, keys: Value, values: Value) => { mixed: Value } {
  return (q, keys, values) => {
    seen.push({ keys, values });
    if (depth === 1) return { mixed: batchedAttention(q, keys, values, batch.bias, batch.rows) };
    const bias = input(graph, `bias_${depth}`, 'float32', ['n', 'n']);
    return { mixed: unrolledAttention(q, seen, bias, back, batch.rows) };
  };
}

/** What the judged rows of a depth predicted, against what followed. predicted [w, H], head [V, H] */
function judge(predicted: Value, head: Value, depth: number) {
  const { graph, shape } = predicted;
  const expected = input(graph, `expected_${depth}`, 'float32', shape);
  const share = input(graph, `share_${depth}`, 'float32', [1]);
  const [logits, truth] = [gemm(predicted, head), gemm(expected, head)]; // [w, V]
  return {
    featureLoss: mul(sumAll(smoothL1(predicted, expected)), share),
    tokenLoss: mul(softCrossEntropy(logits, truth), share),
    agreeing: agreeing(logits, truth),
  };
}

/** The mean of the depths' losses, each weighing `decay` times the one before. */
function weighted(losses: readonly Value[], decay: number): Value {
  const weights = losses.map((_, index) => decay ** index);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return losses
    .map((loss, index) => scale(loss, (weights[index] as number) / total))
    .reduce((sum, loss) => add(sum, loss));
}
