import { batchedAttention } from '../graph/blocks/attention.ts';
import { quarterTurn, type RotaryRows } from '../graph/blocks/rotary.ts';
import type { Shape } from '../graph/dim.ts';
import { constant, type Graph, input, type Value } from '../graph/graph.ts';
import { concat, reshapeTo } from '../graph/operators/layout.ts';

/** A batch of b sequences of n rows each, laid one after the other: r = b · n rows. */
export interface Batch {
  readonly rows: 'r';
  readonly grid: Value; // int64 [2]: b and n
  readonly bias: Value; // [n, n]
  readonly rotary: RotaryRows; // cos and sin [n, 1, headDim], or [b, n, 1, headDim]
}

/**
 * Declares what every pass over a batch is fed: grid [2], bias [n, n], cos and sin [n, 1, headDim], or [b, n, 1, headDim]
 * where each sequence has positions of its own.
 */
export function batchInputs(graph: Graph, headDim: number, apart = false): Batch {
  const angles: Shape = [...(apart ? ['b'] : []), 'n', 1, headDim];
  return {
    rows: 'r',
    grid: input(graph, 'grid', 'int64', [2]),
    bias: input(graph, 'bias', 'float32', ['n', 'n']),
    rotary: {
      cos: input(graph, 'cos', 'float32', angles),
      sin: input(graph, 'sin', 'float32', angles),
      turn: quarterTurn(graph, headDim),
    },
  };
}

/** Rows [b·n, heads · headDim] → [b, n, heads, headDim]; `row` is how the graph calls n. */
export function splitBatchHeads(
  { grid }: Pick<Batch, 'grid'>,
  headDim: number,
  row = 'n',
): (x: Value, heads: number) => Value {
  return (x, heads) => {
    const sizes = concat([grid, int64(x, [heads, headDim])], 0);
    return reshapeTo(x, sizes, ['b', row, heads, headDim]);
  };
}

/** A pass without a cache: every sequence of the batch is seen whole. */
export function batchPass(batch: Batch, headDim: number) {
  return {
    rotary: batch.rotary,
    splitHeads: splitBatchHeads(batch, headDim),
    attend: (q: Value, k: Value, v: Value) => ({
      mixed: batchedAttention(q, k, v, batch.bias, batch.rows),
    }),
  };
}

const int64 = ({ graph }: Value, values: readonly number[]): Value =>
  constant(graph, BigInt64Array.from(values, BigInt), [values.length]);
