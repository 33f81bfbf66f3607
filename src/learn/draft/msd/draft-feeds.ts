import type { Rows, VisualRows } from '../../../contracts/rows.ts';
import { floatTensor, intTensor, type Tensor } from '../../../contracts/session.ts';
import { causalBias } from '../../batch-feeds.ts';
import type { Group } from '../../groups.ts';
import type { MarkedText } from '../../marked-text.ts';

/**
 * A dialogue of n + 1 tokens as the draft learns it. Row p reads token p + 1 and the feature at p; the last token has no
 * row.
 */
export interface DraftExample extends MarkedText {
  /** The target's features, as judged and as read (noise added). */
  readonly features: Rows; // [n + 1, H]
  readonly read: Float32Array; // [n + 1, H]
  /** Visual embeddings and the tokens that they stand for. */
  readonly visual?: VisualRows;
}

/**
 * Rows that are judged at a depth: those at reply tokens that another follows, which a chain of as many reply tokens
 * leads to.
 */
export function judgedRows({ reply }: Pick<MarkedText, 'reply'>, depth = 1): number[] {
  const rows: number[] = [];
  let chain = 0;
  for (let p = 0; p + 1 < reply.length; p++) {
    chain = reply[p] === 1 ? chain + 1 : 0;
    if (chain >= depth) rows.push(p);
  }
  return rows;
}

/** Feeds of `buildDraftLoss` for the members of a group, but for those of `batchInputs` and the shares. */
export function draftFeeds(
  examples: readonly DraftExample[],
  { members, length }: Group,
  { hiddenSize, depths }: { hiddenSize: number; depths: number },
): Record<string, Tensor> {
  const r = members.length * length;
  const ids = new Int32Array(r);
  const text = new Float32Array(r).fill(1);
  const features = new Float32Array(r * hiddenSize);
  const visual = new Float32Array(r * hiddenSize);
  for (const [place, member] of members.entries()) {
    const example = examples[member] as DraftExample;
    const first = place * length;
    const n = example.ids.length - 1;
    ids.set(example.ids.subarray(1), first);
    features.set(example.read.subarray(0, n * hiddenSize), first * hiddenSize);
    for (const [j, slot] of example.visual?.slots.entries() ?? []) {
      if (slot === 0) continue; // no row reads the first token
      const row = first + slot - 1;
      ids[row] = 0; // a placeholder may lie beyond the table
      text[row] = 0;
      const embeddings = example.visual?.embeddings.data as Float32Array;
      visual.set(embeddings.subarray(j * hiddenSize, (j + 1) * hiddenSize), row * hiddenSize);
    }
  }
  return {
    ids: intTensor(ids),
    text: floatTensor(text, [r, 1]),
    features: floatTensor(features, [r, hiddenSize]),
    visual: floatTensor(visual, [r, hiddenSize]),
    ...judgedFeeds(examples, { members, length }, 1, hiddenSize),
    ...deeperFeeds(examples, { members, length }, { hiddenSize, depths }),
  };
}

/** The rows that are judged at a depth, and the features that followed. */
function judgedFeeds(
  examples: readonly DraftExample[],
  { members, length }: Group,
  depth: number,
  hiddenSize: number,
): Record<string, Tensor> {
  const heads: number[] = [];
  const followed: Float32Array[] = [];
  for (const [place, member] of members.entries()) {
    const example = examples[member] as DraftExample;
    for (const p of judgedRows(example, depth)) {
      heads.push(place * length + p);
      followed.push(example.features.data.subarray((p + 1) * hiddenSize, (p + 2) * hiddenSize));
    }
  }
  const expected = new Float32Array(followed.length * hiddenSize);
  for (const [row, feature] of followed.entries()) expected.set(feature, row * hiddenSize);
  return {
    [`heads_${depth}`]: intTensor(Int32Array.from(heads)),
    [`expected_${depth}`]: floatTensor(expected, [followed.length, hiddenSize]),
  };
}

/** What depths 2, 3, … are fed besides. */
function deeperFeeds(
  examples: readonly DraftExample[],
  group: Group,
  { hiddenSize, depths }: { hiddenSize: number; depths: number },
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  const r = group.members.length * group.length;
  for (let depth = 2; depth <= depths; depth++) {
    const behind = depth - 1;
    Object.assign(feeds, judgedFeeds(examples, group, depth, hiddenSize));
    feeds[`bias_${depth}`] = causalBias(group.length, behind);
    // The first rows have none that far before them; no chain leads to them, so none is judged.
    feeds[`back_${behind}`] = intTensor(
      Int32Array.from({ length: r }, (_, row) => Math.max(row - behind, 0)),
    );
  }
  return feeds;
}
