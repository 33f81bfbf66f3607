/** The block draft by its formulas, number by number in double precision: what its graph is held against. */
import type { BlockDraftConfig } from '../../contracts/block-draft.ts';
import type { MemoryTensor } from '../../contracts/checkpoint.ts';

type Matrix = readonly (readonly number[])[];
type Vector = readonly number[];

/** A text in front of a block. */
export interface ReferenceText {
  readonly features: Matrix; // [n, H]
  /** Projected embedding of each visual row. */
  readonly visual: ReadonlyMap<number, Vector>;
  /** Time, height and width of each row. */
  readonly positions: readonly Vector[]; // [n][3]
  readonly root: number;
  /** Position of the root, on all axes. */
  readonly position: number;
}

export interface ReferenceGuess {
  /** Of every slot, without what stands before [B, V'] */
  readonly logits: Matrix;
  /** What a token before adds [V'] */
  readonly biasAfter: (token: number) => Vector;
  /** How surely a slot's token is guessed right behind a token. */
  readonly confidence: (slot: number, before: number) => number;
}

export function referenceGuess(
  config: BlockDraftConfig,
  tensors: ReadonlyMap<string, MemoryTensor>,
  target: { readonly embedding: MemoryTensor; readonly head: MemoryTensor },
  text: ReferenceText,
): ReferenceGuess {
  const { heads, kvHeads, headDim, slots } = config;
  const matrix = (name: string): Matrix => rowsOf(tensors.get(`${name}.weight`) as MemoryTensor);
  const vector = (name: string): Vector => [
    ...(tensors.get(`${name}.weight`) as MemoryTensor).data,
  ];
  const norm = (x: Vector, name: string): Vector => {
    const gain = vector(name);
    const mean = x.reduce((sum, value) => sum + value * value, 0) / x.length;
    return x.map((value, i) => (value / Math.sqrt(mean + config.rmsNormEps)) * (gain[i] as number));
  };
  const [fc, embeddings] = [matrix('fc'), rowsOf(target.embedding)];
  const context = text.features.map((feature, row) => {
    const seen = config.fusion === 'decoupled' ? text.visual.get(row) : undefined;
    return norm(seen ?? times(fc, feature), 'hidden_norm');
  });
  let x: Matrix = Array.from({ length: slots }, (_, slot) =>
    slot === 0 ? (embeddings[text.root] as Vector) : vector('mask_embedding'),
  );
  const slotPlaces = x.map((_, slot) => [0, 1, 2].map(() => text.position + slot));
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `layers.${layer}`;
    const read = x.map((row) => norm(row, `${at}.input_layernorm`));
    const [q, k, v, o] = ['q', 'k', 'v', 'o'].map((part) => matrix(`${at}.self_attn.${part}_proj`));
    const columns = [...context, ...read];
    const places = [...text.positions, ...slotPlaces];
    const keys = columns.map((row, i) => turned(times(k as Matrix, row), places[i], config));
    const values = columns.map((row) => times(v as Matrix, row));
    x = x.map((row, slot) => {
      const asked = turned(times(q as Matrix, read[slot] as Vector), slotPlaces[slot], config);
      const mixed = Array.from({ length: heads }, (_, head) => {
        const of = (all: Vector, at: number) => all.slice(at * headDim, (at + 1) * headDim);
        const shared = Math.floor(head / (heads / kvHeads));
        const scores = keys.map((key) => dot(of(asked, head), of(key, shared)) / headDim ** 0.5);
        const weights = softmax(scores);
        return of(values[0] as Vector, shared).map((_, i) =>
          values.reduce(
            (sum, value, row) => sum + (weights[row] as number) * (of(value, shared)[i] as number),
            0,
          ),
        );
      }).flat();
      const seen = plus(row, times(o as Matrix, mixed));
      const inner = norm(seen, `${at}.post_attention_layernorm`);
      const gate = times(matrix(`${at}.mlp.gate_proj`), inner);
      const up = times(matrix(`${at}.mlp.up_proj`), inner);
      const hidden = gate.map((g, i) => (g / (1 + Math.exp(-g))) * (up[i] as number));
      return plus(seen, times(matrix(`${at}.mlp.down_proj`), hidden));
    });
  }
  const head = rowsOf(target.head);
  const spoken = config.headTokenIds?.map((id) => head[id] as Vector) ?? head;
  const [before, after] = [matrix('markov_head.markov_w1'), matrix('markov_head.markov_w2')];
  const y = x.map((row) => norm(row, 'norm'));
  const [sure] = matrix('confidence_head.proj') as [Vector];
  const spare = (tensors.get('confidence_head.proj.bias') as MemoryTensor).data[0] as number;
  return {
    logits: y.map((row) => times(spoken, row)),
    confidence: (slot, token) => {
      const rows = [...(y[slot] as Vector), ...(before[token] as Vector)];
      return 1 / (1 + Math.exp(-dot(sure, rows) - spare));
    },
    biasAfter: (token) => times(after, before[token] as Vector),
  };
}

/** Each head turned in the planes (i, i + headDim / 2), each of them by the axis that its section names. */
function turned(
  x: Vector,
  places: Vector | undefined,
  { headDim, ropeTheta, mropeSection = [headDim / 2, 0, 0] }: BlockDraftConfig,
): Vector {
  const half = headDim / 2;
  const axes = mropeSection.flatMap((size, axis) => Array<number>(size).fill(axis));
  return x.map((value, at) => {
    const i = (at % headDim) % half;
    const angle =
      ((places as Vector)[axes[i] as number] as number) * ropeTheta ** ((-2 * i) / headDim);
    const first = at % headDim < half;
    const other = x[first ? at + half : at - half] as number;
    return value * Math.cos(angle) + (first ? -other : other) * Math.sin(angle);
  });
}

export function softmax(scores: Vector): Vector {
  const most = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function rowsOf({ data, shape }: MemoryTensor): Matrix {
  const width = shape[1] as number;
  return Array.from({ length: shape[0] as number }, (_, row) => [
    ...data.subarray(row * width, (row + 1) * width),
  ]);
}

const dot = (a: Vector, b: Vector): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
const times = (matrix: Matrix, x: Vector): Vector => matrix.map((row) => dot(row, x));
const plus = (a: Vector, b: Vector): Vector => a.map((value, i) => value + (b[i] as number));
