import type { DraftRows, TokenRows } from '../../contracts/drafter.ts';
import { uniform } from '../../decode/uniform.ts';
import { heldRows } from './held-rows.ts';

/** A placeholder's id in the tiny pair. */
const IMAGE = 1022;
/** Visual tokens of one picture; as good as the tower's 64. */
const PICTURE = 3;

/** A prompt by hand, with random words, pictures and features. */
export interface Layout {
  readonly ids: Int32Array; // [n]
  /** Which visual embedding each position holds, or -1. */
  readonly visualAt: Int32Array; // [n]
  readonly embeddings: Float32Array; // [m, H]
  readonly features: Float32Array; // [n, H]
  /** The token after the prompt. */
  readonly root: number;
}

/** @param plan `w` a word, `P` a picture: `wwPw` is two words, a picture, a word */
export function layoutOf(plan: string, width: number, seed: number): Layout {
  const kinds = [...plan].flatMap((kind) =>
    kind === 'P' ? Array<string>(PICTURE).fill('P') : 'w',
  );
  const n = kinds.length;
  const pictures = kinds.filter((kind) => kind === 'P').length;
  let seen = -1;
  const visualAt = Int32Array.from(kinds, (kind) => {
    if (kind !== 'P') return -1;
    seen += 1;
    return seen;
  });
  const words = randomWords(n + 1, seed);
  return {
    ids: words.slice(0, n).map((word, at) => (kinds[at] === 'P' ? IMAGE : word)),
    visualAt,
    embeddings: randomFloats(pictures * width, seed + 1),
    features: randomFloats(n * width, seed + 2),
    root: words[n] as number,
  };
}

/** Draft rows `from` to `to` of a prompt: row p has x[p+1], or the visual embedding there, and f[p] (section 3.2). */
export function layoutRows(layout: Layout, from = 0, to = layout.ids.length): DraftRows {
  const { ids, features, root } = layout;
  const width = features.length / ids.length;
  const count = to - from;
  const next = Int32Array.from({ length: count }, (_, row) => ids[from + row + 1] ?? root);
  const rows = heldRows(next, { data: features.slice(from * width, to * width), count, width });
  const own = visualFrom(layout, from, count);
  return { ...rows, ...visualFrom(layout, from + 1, count), own };
}

/** What is visual of `count` positions from `first` on. */
function visualFrom(
  { ids, visualAt, embeddings, features }: Layout,
  first: number,
  count: number,
): TokenRows {
  const width = features.length / ids.length;
  const at = Array.from(visualAt.subarray(first, first + count));
  const slots = [...at.keys()].filter((row) => (at[row] as number) >= 0);
  if (slots.length === 0) return {};
  const data = Float32Array.from(
    slots.flatMap((row) => {
      const j = at[row] as number;
      return [...embeddings.subarray(j * width, (j + 1) * width)];
    }),
  );
  const rows = { data, count: slots.length, width };
  return { visual: { embeddings: rows, slots: Int32Array.from(slots) } };
}

/** Ids of ordinary words. */
export function randomWords(n: number, seed: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => 10 + Math.floor(uniform(seed, i) * 1000));
}

/** As large as the tiny target's features. */
export function randomFloats(n: number, seed: number): Float32Array {
  return Float32Array.from({ length: n }, (_, i) => 6 * uniform(seed, i) - 3);
}
