/**
 * Losslessness leans on habits of ONNX Runtime that nothing promises: the order in which it adds, and that a row of a
 * product has the same bits whatever else the product holds. This tries them, on a layer of the model's own shape: they may
 * change with the machine, the threads and the version, so that a host asks again with each of these. So are the products of
 * a form that leans on them too.
 */
import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import type { PartPrecisions } from '../../contracts/load.ts';
import { floatsOf, floatTensor, type Session } from '../../contracts/session.ts';
import { wordPositions } from '../../decode/draft-rows.ts';
import { formNamed } from '../../formats/forms/forms.ts';
import { BLOCK } from '../../graph/blocks/block-attention.ts';
import {
  constant,
  createGraph,
  fixedDim,
  type Graph,
  input,
  output,
  type Value,
} from '../../graph/graph.ts';
import { split } from '../../graph/operators/layout.ts';
import { gemm } from '../../graph/operators/matrix.ts';
import { type CachedText, createBlockCache } from '../../model/block-cache.ts';
import { consecutive } from '../../model/consecutive.ts';
import { type LaneRows, laneFeeds } from '../../model/lane-map.ts';
import { cachedPass, laneInputs, pastInputs } from '../../model/pass-inputs.ts';
import { ropeOf } from '../../model/rope-frequencies.ts';
import { turnedRows } from '../../model/rotary-rows.ts';

/** Width of the rows: above 128, where inner axes are cut, and no multiple of anything. */
const WIDTH = 328;
/** Rows of the text that is tried: into its second block, whose border a tree crosses. */
const LENGTH = BLOCK + 12;

/** A product by a matrix of numbers [out, in], which the graph holds. */
type Times = (x: Value, matrix: Float32Array) => Value;

type Shape = Pick<DecoderConfig, 'heads' | 'kvHeads' | 'headDim' | 'ropeTheta'>;

/** Whether rows have the same bits alone, in a chunk, among a tree's and beside other texts. */
export async function rowsKeepApart(
  openSession: (graph: Graph) => Promise<Session>,
  config: Shape,
  precisions: PartPrecisions = {},
): Promise<boolean> {
  const kvHeads = config.heads > 2 * config.kvHeads ? 1 : Math.min(2, config.kvHeads);
  const shape = { ...config, kvHeads, heads: kvHeads * (config.heads / config.kvHeads), layers: 1 };
  for (const times of productsOf(precisions)) {
    const session = await openSession(layerGraph(shape, times));
    try {
      if (!(await allEqual(createLayer(session, shape)))) return false;
    } finally {
      await session.dispose();
    }
  }
  return true;
}

/** Plain products, which every model has, and those of forms that are not sure of it. */
function productsOf(precisions: PartPrecisions): Times[] {
  const forms = new Set(Object.values(precisions).map(formNamed));
  return [gemmBy, ...[...forms].flatMap(({ constantProduct: times }) => times ?? [])];
}

const gemmBy: Times = (x, matrix) => {
  const into = fixedDim(x, 1);
  return gemm(x, constant(x.graph, matrix, [matrix.length / into, into]));
};

async function allEqual({ open, run }: Layer): Promise<boolean> {
  const rows = (seed: number, count: number) => numbers(seed, count * WIDTH);
  const text = rows(1, LENGTH);
  const cut = (from: number, to: number) => text.subarray(from * WIDTH, to * WIDTH);
  const plain = open();
  const wanted: Float32Array[] = [];
  for (let row = 0; row < LENGTH; row++) {
    const [said] = await run([{ text: plain, rows: cut(row, row + 1), parents: ALONE, keep: 1 }]);
    wanted.push(said as Float32Array);
  }
  const same = (said: Float32Array, places: readonly number[], from: number) =>
    places.every((place, i) => {
      const row = wanted[from + i] as Float32Array;
      return row.every((x, k) => Object.is(x, said[place * row.length + k]));
    });

  // A whole block and more at once, behind nothing.
  const whole = open();
  const [chunk] = await run([
    { text: whole, rows: text, parents: consecutive(LENGTH, -1), keep: BLOCK - 3 },
  ]);
  // From there a tree, its path across the border, strangers between its nodes; before it two other texts, so many that
  // it also crosses the border between the rows of two kernels, and one behind it.
  const path = Array.from({ length: 8 }, (_, depth) => 3 * depth);
  const tree = rows(2, 3 * path.length);
  const parents = new Int32Array(3 * path.length);
  for (const [depth, node] of path.entries()) {
    tree.set(cut(BLOCK - 3 + depth, BLOCK - 2 + depth), node * WIDTH);
    parents.fill(node - 3, node, node + 3); // the strangers are the node's siblings
    if (depth === 0) parents.fill(-1, 0, 3);
  }
  const [left, other, right] = [open(), open(), open()];
  await run([
    { text: left, rows: rows(3, BLOCK + 9), parents: consecutive(BLOCK + 9, -1), keep: BLOCK + 9 },
  ]);
  const [, , judged] = await run([
    { text: left, rows: rows(4, 60), parents: consecutive(60, -1), keep: 0 },
    { text: other, rows: rows(6, 59), parents: consecutive(59, -1), keep: 0 },
    { text: whole, rows: tree, parents, keep: 0 },
    { text: right, rows: rows(5, 2), parents: consecutive(2, -1), keep: 0 },
  ]);
  const all = Array.from({ length: LENGTH }, (_, row) => row);
  return same(chunk as Float32Array, all, 0) && same(judged as Float32Array, path, BLOCK - 3);
}

const ALONE = Int32Array.of(-1);

interface Layer {
  open(): CachedText;
  /** What attention says of each text's rows, the first `keep` of which are committed. */
  run(
    texts: readonly {
      readonly text: CachedText;
      readonly rows: Float32Array; // [n, WIDTH]
      readonly parents: Int32Array; // [n]
      readonly keep: number;
    }[],
  ): Promise<Float32Array[]>;
}

type LayerShape = Shape & { readonly layers: number };

function createLayer(session: Session, shape: LayerShape): Layer {
  const cache = createBlockCache(shape);
  const rope = ropeOf(shape);
  return {
    open: cache.open,
    async run(texts) {
      const lanes = texts.map(({ text, parents }): LaneRows => ({ length: text.length, parents }));
      const count = lanes.reduce((sum, { parents }) => sum + parents.length, 0);
      const n = Math.max(2, count);
      const x = new Float32Array(n * WIDTH);
      const positions = new Int32Array(n);
      let first = 0;
      for (const { text, rows, parents } of texts) {
        x.set(rows, first * WIDTH);
        for (const [row, parent] of parents.entries()) {
          positions[first + row] =
            parent < 0 ? text.length : (positions[first + parent] as number) + 1;
        }
        first += parents.length;
      }
      const axes = { ...wordPositions(0, 0), time: positions };
      const reading = cache.read(texts.map(({ text }) => text));
      const outputs = await session.run(
        {
          x: floatTensor(x, [n, WIDTH]),
          ...turnedRows(axes, { headDim: shape.headDim }, rope),
          ...laneFeeds(lanes, reading, shape, shape.heads, n),
        },
        ['mixed', 'keys', 'values'],
      );
      const mixed = floatsOf(outputs, 'mixed');
      const columns = {
        keys: floatsOf(outputs, 'keys'),
        values: floatsOf(outputs, 'values'),
        count: n,
      };
      let row = 0;
      return texts.map(({ text, parents, keep }) => {
        const from = row;
        row += parents.length;
        text.append(columns, consecutive(keep, from));
        return mixed.subarray(from * WIDTH, row * WIDTH);
      });
    },
  };
}

/** Rows through products, attention and a product again, as a decoder layer has them. */
function layerGraph({ heads, kvHeads, headDim, ...shape }: LayerShape, times: Times): Graph {
  const graph = createGraph('rows-apart');
  const x = input(graph, 'x', 'float32', ['n', WIDTH]);
  const matrix = (seed: number, out: number, into: number): Float32Array =>
    numbers(seed, out * into, 1.5 / Math.sqrt(into));
  const sizes = [(heads + kvHeads) * headDim, kvHeads * headDim];
  const joined = times(x, matrix(11, (sizes[0] as number) + (sizes[1] as number), WIDTH));
  const [queryKey, value] = split(joined, sizes, 1) as [Value, Value];
  const all = { ...shape, heads, kvHeads, headDim };
  const pass = cachedPass(laneInputs(graph, all), pastInputs(graph, 0, all), all);
  const { mixed, keys, values } = pass.attendRows(queryKey, value);
  output('mixed', times(mixed, matrix(12, WIDTH, heads * headDim)));
  output('keys', keys);
  output('values', values);
  return graph;
}

/** Numbers of no pattern and mean square `scale`², a tenth of them large, as in real rows. */
function numbers(seed: number, count: number, scale = 1): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const x = Math.sin(seed + 1.618 * i) * 43758.5453;
    const u = x - Math.floor(x);
    const v = 1000 * x - Math.floor(1000 * x);
    return scale * (u < 0.1 ? 5 : 0.8) * (2 * v - 1);
  });
}
