import type { BlockDraftConfig } from '../../../contracts/block-draft.ts';
import type { WeightRef } from '../../../contracts/checkpoint.ts';
import {
  blockDraftWeights,
  blockLayer,
  contextRows,
  markovBias,
  markovRows,
  slotRows,
} from '../../../draft/block-parts.ts';
import { readHead } from '../../../draft/draft-head.ts';
import { linear } from '../../../graph/blocks/linear.ts';
import { rmsNorm } from '../../../graph/blocks/norms.ts';
import { quarterTurn } from '../../../graph/blocks/rotary.ts';
import { floats } from '../../../graph/blocks/stored-rows.ts';
import { createGraph, type Graph, input, output, type Value } from '../../../graph/graph.ts';
import { add, mul } from '../../../graph/operators/elementwise.ts';
import { concat, gather } from '../../../graph/operators/layout.ts';
import { gemm } from '../../../graph/operators/matrix.ts';
import { sumAll } from '../../../graph/operators/reduce.ts';
import { agrees, rowProducts } from '../../losses.ts';
import { slotAttention } from './slot-attention.ts';
import { judgeSlots } from './slot-losses.ts';

/**
 * A block draft's training loss over b dialogues of n context rows, with a blocks each (DFlash, arXiv 2602.06036; DSpark,
 * arXiv 2607.05147). Slot s of a block at anchor p guesses token p + 1 + s; the target's own distribution is what its
 * head says of its feature at p + s.
 *
 * Inputs: features [r, H] of context rows, visual [r, H] (embeddings at visual rows, 0 elsewhere) and text [r, 1] (1
 * where a word, 0 where visual) if decoupled, those of `BlockGrid`, roots [b·a], order [s] (as in `slotRows`); of the w
 * slots that are judged: judged [w] (their rows), before [w] (the token before what is guessed), labels [w] (places of
 * what followed among the head's outputs), known [w, 1] (0 where it is none of them), expected [w, H], weights [w, 1]
 * (shares of the batch's mean); of_tokens, of_truth, of_variation, of_confidence [1], how much each loss counts.
 * Outputs: loss, variation, token_loss, truth_loss, confidence_loss [1], parts of the batch's means; of each judged slot
 * agrees [w] (1 where its likeliest token is the target's), and agreeing [1], their sum.
 *
 * @returns the values at which the loss's gradients are known, with these
 */
export function buildBlockLoss(
  config: BlockDraftConfig,
  { tensors, table, head }: BlockTensors,
): { graph: Graph; loss: Value; slopes: ReadonlyMap<Value, Value> } {
  const graph = createGraph(`block-loss-${config.fusion}`);
  const { hiddenSize: H, headDim } = config;
  const weights = blockDraftWeights(tensors, config);
  const rows = (name: string, size: string, width: number) =>
    input(graph, name, 'float32', [size, width]);
  const ints = (name: string, size: string) => input(graph, name, 'int32', [size]);
  const number = (name: string) => input(graph, name, 'float32', [1]);

  const features = rows('features', 'r', H);
  const context =
    config.fusion === 'fused'
      ? contextRows(features, undefined, weights, config)
      : rmsNorm(
          add(mul(linear(features, weights.fc), rows('text', 'r', 1)), rows('visual', 'r', H)),
          weights.contextNorm,
          config.rmsNormEps,
        );
  const slots = slotRows(ints('roots', 'blocks'), ints('order', 's'), table, weights.mask);
  const grid = {
    grid: input(graph, 'grid', 'int64', [3]),
    bias: input(graph, 'bias', 'float32', ['b', 1, 'a', 1, 'n']),
    rotary: {
      cos: input(graph, 'cos', 'float32', ['r+s', 1, headDim]),
      sin: input(graph, 'sin', 'float32', ['r+s', 1, headDim]),
      turn: quarterTurn(graph, headDim),
    },
  };
  const attend = slotAttention(grid, [context, slots], config);
  let x = slots;
  for (const layer of weights.layers) x = blockLayer(x, context, layer, attend, config).x;

  const judged = ints('judged', 'w');
  const y = rmsNorm(gather(x, judged), weights.norm, config.rmsNormEps);
  const headRows = readHead(graph, head, config);
  const before = markovRows(ints('before', 'w'), weights.markov); // [w, r]
  const logits = add(gemm(y, headRows), markovBias(before, weights.markov));
  const truth = gemm(rows('expected', 'w', H), headRows);

  const labels = ints('labels', 'w');
  const after = floats(graph, weights.markov.after.weight);
  const chosen = add(
    rowProducts(y, gather(headRows, labels)),
    rowProducts(before, gather(after, labels)),
  ); // [w, 1]
  const sure = linear(concat([y, before], 1), weights.confidence); // [w, 1]
  const shares = {
    tokens: number('of_tokens'),
    truth: number('of_truth'),
    variation: number('of_variation'),
    confidence: number('of_confidence'),
  };
  const { losses, slopes } = judgeSlots(
    { logits, truth, chosen, sure },
    { known: rows('known', 'w', 1), share: rows('weights', 'w', 1), shares },
  );
  for (const [name, value] of Object.entries(losses)) output(name, value);
  const agreed = agrees(logits, truth);
  output('agrees', agreed);
  output('agreeing', sumAll(agreed));
  return { graph, loss: losses.loss, slopes };
}

export interface BlockTensors {
  /** By the names of `blockDraftShapes`; those in memory learn. */
  readonly tensors: ReadonlyMap<string, WeightRef>;
  /** The target's embeddings and head. */
  readonly table: WeightRef;
  readonly head: WeightRef;
}
