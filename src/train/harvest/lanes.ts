import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import { NonFiniteFeatureError } from '../../contracts/errors.ts';
import type { VisualRows } from '../../contracts/rows.ts';
import { floatsOf, floatTensor, intsOf, intTensor, type Session } from '../../contracts/session.ts';
import { consecutive } from '../../model/consecutive.ts';
import { ropeOf } from '../../model/rope-frequencies.ts';
import { rotaryRows } from '../../model/rotary-rows.ts';
import { rowFeeds } from '../../model/row-feeds.ts';
import { createLaneCaches } from './lane-caches.ts';

/** The target with room for several texts at once, each in a lane of its own. */
export interface Lanes {
  readonly count: number;
  /** Most positions of a lane. */
  readonly contextLength: number;
  lengthOf(lane: number): number;
  /** Reads a piece of text into one lane; tells what follows its last token. */
  read(lane: number, piece: Piece, want: Want): Promise<Prediction>;
  /** Reads one token into each of some lanes, in one pass; tells what follows them, in their order. */
  step(tokens: readonly LaneToken[], want: Want): Promise<Prediction[]>;
  truncate(lane: number, length: number): void;
}

type Want = 'best' | 'logits';

interface Piece {
  readonly ids: Int32Array; // [n], n > 0
  readonly visual?: VisualRows;
}

interface LaneToken {
  readonly lane: number;
  readonly id: number;
}

/** The target's word on the next token. */
export interface Prediction {
  readonly best: number;
  /** Present when they were wanted. */
  readonly logits?: Float32Array; // [V]
}

/** A product of one row runs another kernel than one of more rows, with other last bits: a pass has two at least. */
const LEAST_ROWS = 2;

/** `session` is that of `buildLaneGraph`. */
export function createLanes(session: Session, config: DecoderConfig, count: number): Lanes {
  const { frequencies, scale } = ropeOf(config);
  const caches = createLaneCaches(config, Math.max(count, LEAST_ROWS));

  /** One pass: r rows in each of the lanes from `first` on. Nothing is kept of it. */
  const pass = async (
    { first, lanes, r }: { first: number; lanes: number; r: number },
    ids: Int32Array, // [lanes · r]
    visual: VisualRows | undefined,
    heads: Int32Array, // [w]
    want: Want,
  ) => {
    const { kvHeads, headDim, hiddenSize } = config;
    const { capacity } = caches;
    const lengths = Array.from({ length: lanes }, (_, i) => caches.lengthOf(first + i));
    const positions = Int32Array.from({ length: lanes * r }, (_, row) => {
      return (lengths[Math.floor(row / r)] as number) + (row % r);
    });
    const { cos, sin } = rotaryRows(positions, frequencies, scale);
    const angles = [lanes, r, 1, headDim];
    const pasts = caches
      .view(first, lanes)
      .flatMap(({ keys, values }, layer) => [
        [`keys_${layer}`, floatTensor(keys, [lanes, kvHeads, headDim, capacity])] as const,
        [`values_${layer}`, floatTensor(values, [lanes, kvHeads, capacity, headDim])] as const,
      ]);
    const outputs = ['features', 'best', 'keys', 'values', ...(want === 'logits' ? [want] : [])];
    const result = await session.run(
      {
        ...rowFeeds(ids, visual, hiddenSize),
        heads: intTensor(heads),
        grid: { dtype: 'int64', shape: [2], data: BigInt64Array.of(BigInt(lanes), BigInt(r)) },
        bias: floatTensor(laneBias(lengths, r, capacity), [lanes, 1, r, capacity + r]),
        cos: { ...cos, shape: angles },
        sin: { ...sin, shape: angles },
        ...Object.fromEntries(pasts),
      },
      outputs,
    );
    requireFinite(floatsOf(result, 'features'));
    const best = intsOf(result, 'best');
    const logits = want === 'logits' ? floatsOf(result, 'logits') : undefined;
    const columns = { keys: floatsOf(result, 'keys'), values: floatsOf(result, 'values') };
    const predictionOf = (head: number): Prediction => {
      const said = { best: best[head] as number };
      const { vocabSize: v } = config;
      return logits === undefined
        ? said
        : { ...said, logits: logits.subarray(head * v, (head + 1) * v) };
    };
    return { columns: { ...columns, count: lanes, r }, predictionOf };
  };

  return {
    count,
    contextLength: config.contextLength,
    lengthOf: caches.lengthOf,
    truncate: caches.truncate,
    async read(lane, { ids, visual }, want) {
      const n = ids.length;
      const r = Math.max(n, LEAST_ROWS);
      const rows = new Int32Array(r);
      rows.set(ids);
      const given = await pass(
        { first: lane, lanes: 1, r },
        rows,
        visual,
        Int32Array.of(n - 1),
        want,
      );
      caches.append(lane, given.columns, 0, n);
      return given.predictionOf(0);
    },
    async step(tokens, want) {
      const last = Math.max(...tokens.map(({ lane }) => lane));
      const lanes = Math.max(last + 1, LEAST_ROWS);
      const ids = new Int32Array(lanes); // lanes without a token read one that is not kept
      for (const { lane, id } of tokens) ids[lane] = id;
      const given = await pass({ first: 0, lanes, r: 1 }, ids, undefined, consecutive(lanes), want);
      for (const { lane } of tokens) caches.append(lane, given.columns, lane, 1);
      return tokens.map(({ lane }) => given.predictionOf(lane));
    },
  };
}

/** Rows see their lane's committed columns and, of the new ones, themselves and those before: [b, 1, r, capacity + r] */
function laneBias(lengths: readonly number[], r: number, capacity: number): Float32Array {
  const width = capacity + r;
  const bias = new Float32Array(lengths.length * r * width).fill(-Infinity);
  for (const [lane, length] of lengths.entries()) {
    for (let row = 0; row < r; row++) {
      const at = (lane * r + row) * width;
      bias.fill(0, at, at + length);
      bias.fill(0, at + capacity, at + capacity + row + 1);
    }
  }
  return bias;
}

/** NaN and infinity spread over a row, so its sum tells. */
function requireFinite(features: Float32Array): void {
  if (Number.isFinite(features.reduce((sum, x) => sum + x, 0))) return;
  throw new NonFiniteFeatureError(
    'The model computed NaN or infinity; its weights or this precision are unusable for these prompts.',
  );
}
