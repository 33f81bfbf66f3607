import type { Rows, VisualRows } from '../../contracts/rows.ts';
import { floatTensor, intTensor, type Tensor } from '../../contracts/session.ts';
import type { Group } from '../network/groups.ts';

/** A dialogue as the draft learns it. Row p reads token p + 1 and the feature at p; the last token has no row. */
export interface DraftExample {
  readonly ids: Int32Array; // [n + 1]
  readonly reply: Uint8Array; // [n + 1]
  /** The target's features, as judged and as read (noise added). */
  readonly features: Rows; // [n + 1, H]
  readonly read: Float32Array; // [n + 1, H]
  /** Visual embeddings and the tokens that they stand for. */
  readonly visual?: VisualRows;
}

/** Rows that are judged: those at reply tokens that another follows. */
export function judgedRows({ reply }: DraftExample): number[] {
  const rows: number[] = [];
  for (let p = 0; p + 1 < reply.length; p++) if (reply[p] === 1) rows.push(p);
  return rows;
}

/** Feeds of `buildDraftLoss` for the members of a group, but for those of `batchInputs` and `share`. */
export function draftFeeds(
  examples: readonly DraftExample[],
  { members, length }: Group,
  hiddenSize: number,
): Record<string, Tensor> {
  const r = members.length * length;
  const ids = new Int32Array(r);
  const text = new Float32Array(r).fill(1);
  const features = new Float32Array(r * hiddenSize);
  const visual = new Float32Array(r * hiddenSize);
  const heads: number[] = [];
  const expected: Float32Array[] = [];
  for (const [place, member] of members.entries()) {
    const example = examples[member] as DraftExample;
    const first = place * length;
    const n = example.ids.length - 1;
    ids.set(example.ids.subarray(1), first);
    features.set(example.read.subarray(0, n * hiddenSize), first * hiddenSize);
    for (const [j, slot] of example.visual?.slots.entries() ?? []) {
      const row = first + slot - 1;
      if (slot === 0) continue; // no row reads the first token
      ids[row] = 0; // a placeholder may lie beyond the table
      text[row] = 0;
      const embedding = example.visual?.embeddings.data.subarray(
        j * hiddenSize,
        (j + 1) * hiddenSize,
      );
      visual.set(embedding as Float32Array, row * hiddenSize);
    }
    for (const p of judgedRows(example)) {
      heads.push(first + p);
      expected.push(example.features.data.subarray((p + 1) * hiddenSize, (p + 2) * hiddenSize));
    }
  }
  const judged = new Float32Array(expected.length * hiddenSize);
  for (const [row, feature] of expected.entries()) judged.set(feature, row * hiddenSize);
  return {
    ids: intTensor(ids),
    text: floatTensor(text, [r, 1]),
    features: floatTensor(features, [r, hiddenSize]),
    visual: floatTensor(visual, [r, hiddenSize]),
    heads: intTensor(Int32Array.from(heads)),
    expected: floatTensor(judged, [expected.length, hiddenSize]),
  };
}
