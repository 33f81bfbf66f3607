import type { DraftConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { draftWeights, type Fusion } from '../../draft/msd-graph.ts';
import { embedding, linear } from '../../graph/blocks/linear.ts';
import { createGraph, type Graph, input, output, type Value } from '../../graph/graph.ts';
import { add, mul, scale } from '../../graph/operators/elementwise.ts';
import { concat, gather } from '../../graph/operators/layout.ts';
import { sumAll } from '../../graph/operators/reduce.ts';
import { batchInputs, batchPass } from '../../model/batch-pass.ts';
import { decoderLayer } from '../../model/decoder-layer.ts';
import { agreeing, smoothL1, softCrossEntropy } from '../network/losses.ts';

export interface DraftObjective {
  /** Shares of the two losses: SmoothL1 of features, and cross-entropy of tokens. Published: 1 and 0.1. */
  readonly featureWeight: number;
  readonly tokenWeight: number;
}

/**
 * The draft's training loss over a batch of b dialogues of n rows (paper section 3.3; Lyn-Lucy/MSD,
 * main_deepspeed.py). Row p reads the next token and the target's feature at p, and predicts the feature at p + 1.
 * Inputs: ids [r], features [r, H], text [r, 1] (1 where the next token is a word, 0 where visual), visual [r, H]
 * (embeddings at visual rows, 0 elsewhere), heads [w] (rows that are judged), expected [w, H] (the target's features
 * that follow them), share [1] (1 / rows judged in the whole batch), and those of `batchInputs`.
 * Outputs: loss [1], feature_loss [1] and token_loss [1] (parts of the batch's means), agreeing [1] (a count).
 */
export function buildDraftLoss(
  config: DraftConfig,
  tensors: ReadonlyMap<string, TensorRef>,
  head: TensorRef,
  fusion: Fusion,
  { featureWeight, tokenWeight }: DraftObjective,
): { graph: Graph; loss: Value } {
  const graph = createGraph(`draft-loss-${fusion}`);
  const { hiddenSize } = config;
  const rows = (name: string, width: number) => input(graph, name, 'float32', ['r', width]);
  const ids = input(graph, 'ids', 'int32', ['r']);
  const features = rows('features', hiddenSize);
  const text = rows('text', 1);
  const visual = rows('visual', hiddenSize);
  const heads = input(graph, 'heads', 'int32', ['w']);
  const expected = input(graph, 'expected', 'float32', ['w', hiddenSize]);
  const share = input(graph, 'share', 'float32', [1]);
  const batch = batchInputs(graph, config.headDim);
  const weights = draftWeights(tensors, config);

  const words = embedding(weights.embedding, ids);
  const fuse = (next: Value) => linear(concat([next, features], 1), weights.fc);
  const choose = (words: Value) => add(mul(words, text), visual);
  const x = fusion === 'decoupled' ? choose(fuse(words)) : fuse(choose(words));
  const predicted = gather(
    decoderLayer(x, weights.layer, batchPass(batch, config.headDim), config).x,
    heads,
  ); // [w, H]

  const logitsOf = (rows: Value) => linear(rows, { weight: head });
  const [logits, truth] = [logitsOf(predicted), logitsOf(expected)]; // [w, V]
  const featureLoss = mul(sumAll(smoothL1(predicted, expected)), share);
  const tokenLoss = mul(softCrossEntropy(logits, truth), share);
  const loss = add(scale(featureLoss, featureWeight), scale(tokenLoss, tokenWeight));
  output('loss', loss);
  output('feature_loss', featureLoss);
  output('token_loss', tokenLoss);
  output('agreeing', agreeing(logits, truth));
  return { graph, loss };
}
