import type { BlockDraftConfig } from '../../../contracts/block-draft.ts';
import type { AxisPositions } from '../../../contracts/messages.ts';
import type { Rows, VisualRows } from '../../../contracts/rows.ts';
import { type Feeds, floatTensor, intTensor } from '../../../contracts/session.ts';
import { mropeRows } from '../../../model/mrope-rows.ts';
import { ropeOf } from '../../../model/rope-frequencies.ts';
import { rotaryRows } from '../../../model/rotary-rows.ts';
import { highestPositions } from '../../../model/text-positions.ts';
import { groupByLength } from '../../groups.ts';
import type { MarkedText } from '../../marked-text.ts';
import { taughtSlots } from './anchors.ts';

/** A dialogue as a block draft learns it. */
export interface BlockExample extends MarkedText {
  /** Where blocks stand, ascending. */
  readonly anchors: Int32Array;
  /** The target's features, as judged and as read (noise added). */
  readonly features: Rows; // [n, H]
  readonly read: Float32Array; // [n, H]
  readonly visual?: VisualRows;
}

/** Slots that are judged. */
export interface JudgedSlots {
  /** Slot in its block, counted from 0 [w]. */
  readonly slot: Int32Array;
  /** Of the block in the batch [w]. */
  readonly block: Int32Array;
}

/** A batch as the graph of `buildBlockLoss` is fed it, but for the shares of the losses. */
export interface BlockBatch {
  readonly groups: readonly Feeds[];
  /** Of each group. */
  readonly judged: readonly JudgedSlots[];
  /** Of all judged slots together. */
  readonly weight: number;
  /** Context rows and slots, without padding. */
  readonly rows: number;
}

/** Slots count e^(-s / 4): the first must be right for the next to matter. */
const DECAY = 4;
const slotWeight = (slot: number): number => Math.exp(-slot / DECAY);

/** How large a group is: b dialogues of n context rows and a blocks each. */
export interface BlockGroup {
  readonly members: readonly number[];
  readonly contextRows: number;
  readonly blocks: number;
}

/** Dialogues grouped by how much context their last block sees. Those without a block are in no group. */
export function blockGroups(
  anchors: readonly Int32Array[],
  slots: number,
  maxRows: number,
): BlockGroup[] {
  const taught = anchors.flatMap((own, index) => (own.length > 0 ? [index] : []));
  const rowsOf = (member: number) => {
    const own = anchors[member] as Int32Array;
    return (own.at(-1) as number) + own.length * slots;
  };
  return groupByLength(taught.map(rowsOf), maxRows).map(({ members }) => {
    const own = members.map((index) => anchors[taught[index] as number] as Int32Array);
    return {
      members: members.map((index) => taught[index] as number),
      contextRows: Math.max(...own.map((each) => each.at(-1) as number)),
      blocks: Math.max(...own.map(({ length }) => length)),
    };
  });
}

/** Turns examples into feeds, with the means taken over the whole batch. */
export function createBlockBatch(
  config: BlockDraftConfig,
  maxRows: number,
): (examples: readonly BlockExample[]) => BlockBatch {
  const { slots } = config;
  const placed = placesOf(config);
  return (examples) => {
    const counts = examples.map((example) =>
      [...example.anchors].map((anchor) => taughtSlots(example, anchor, slots)),
    );
    const weight = counts.flat().reduce((sum, count) => {
      for (let s = 0; s < count; s++) sum += slotWeight(s);
      return sum;
    }, 0);
    const anchors = examples.map((example) => example.anchors);
    const groups = blockGroups(anchors, slots, maxRows);
    const judged = groups.map((group) => judgedSlots(examples, group, slots));
    return {
      groups: groups.map((group, index) => ({
        ...contextFeeds(examples, group, config),
        ...blockFeeds(examples, group, slots),
        ...judgedFeeds(examples, judged[index] as Judged, config, weight),
        ...placed(examples, group),
      })),
      judged,
      weight,
      rows: anchors.reduce((sum, own) => sum + (own.at(-1) ?? 0) + own.length * slots, 0),
    };
  };
}

type Place = (examples: readonly BlockExample[], group: BlockGroup) => Feeds;

const exampleAt = (examples: readonly BlockExample[], member: number): BlockExample =>
  examples[member] as BlockExample;

/** features, text, visual: the context as it is read. */
function contextFeeds(
  examples: readonly BlockExample[],
  { members, contextRows: n }: BlockGroup,
  { hiddenSize: h, fusion }: BlockDraftConfig,
): Feeds {
  const r = members.length * n;
  const features = new Float32Array(r * h);
  const text = new Float32Array(r).fill(1);
  const visual = new Float32Array(r * h);
  for (const [place, member] of members.entries()) {
    const { anchors, read, visual: seen } = exampleAt(examples, member);
    const first = place * n;
    features.set(read.subarray(0, (anchors.at(-1) as number) * h), first * h);
    for (const [j, slot] of seen?.slots.entries() ?? []) {
      if (slot >= n) continue;
      text[first + slot] = 0;
      const embeddings = seen?.embeddings.data as Float32Array;
      visual.set(embeddings.subarray(j * h, (j + 1) * h), (first + slot) * h);
    }
  }
  return {
    features: floatTensor(features, [r, h]),
    ...(fusion === 'decoupled' && {
      text: floatTensor(text, [r, 1]),
      visual: floatTensor(visual, [r, h]),
    }),
  };
}

/** grid, bias, roots, order: where blocks stand and what they see. */
function blockFeeds(
  examples: readonly BlockExample[],
  { members, contextRows: n, blocks: a }: BlockGroup,
  slots: number,
): Feeds {
  const b = members.length;
  const bias = new Float32Array(b * a * n);
  const roots = new Int32Array(b * a);
  for (const [place, member] of members.entries()) {
    const { anchors, ids } = exampleAt(examples, member);
    for (let block = 0; block < a; block++) {
      const at = place * a + block;
      const anchor = anchors[block] ?? 0; // one that is padding sees its own slots alone
      roots[at] = anchors[block] === undefined ? 0 : (ids[anchor] as number);
      bias.fill(Number.NEGATIVE_INFINITY, at * n + anchor, (at + 1) * n);
    }
  }
  const order = Int32Array.from({ length: b * a * slots }, (_, row) =>
    row % slots === 0 ? row / slots : b * a,
  );
  const grid = BigInt64Array.of(BigInt(b), BigInt(n), BigInt(a));
  return {
    grid: { dtype: 'int64', shape: [3], data: grid },
    bias: floatTensor(bias, [b, 1, a, 1, n]),
    roots: intTensor(roots),
    order: intTensor(order),
  };
}

interface Judged extends JudgedSlots {
  /** Dialogue of each in the batch, and its block's anchor. */
  readonly member: Int32Array;
  readonly anchor: Int32Array;
  /** Its row among the group's slots. */
  readonly row: Int32Array;
}

function judgedSlots(
  examples: readonly BlockExample[],
  { members, blocks }: BlockGroup,
  slots: number,
): Judged {
  const all: [member: number, anchor: number, slot: number, block: number][] = [];
  for (const [place, member] of members.entries()) {
    const example = exampleAt(examples, member);
    for (const [index, anchor] of example.anchors.entries()) {
      const count = taughtSlots(example, anchor, slots);
      for (let s = 0; s < count; s++) all.push([member, anchor, s, place * blocks + index]);
    }
  }
  const column = (of: (one: (typeof all)[number]) => number) => Int32Array.from(all, of);
  return {
    member: column(([member]) => member),
    anchor: column(([, anchor]) => anchor),
    slot: column(([, , slot]) => slot),
    block: column(([, , , block]) => block),
    row: column(([, , slot, block]) => block * slots + slot),
  };
}

/** judged, before, labels, known, expected, weights: what slots guess, and what followed. */
function judgedFeeds(
  examples: readonly BlockExample[],
  { member, anchor, slot, row }: Judged,
  { hiddenSize: h, vocabSize, headTokenIds }: BlockDraftConfig,
  total: number,
): Feeds {
  const w = row.length;
  const places = placesInHead(headTokenIds, vocabSize);
  const before = new Int32Array(w);
  const labels = new Int32Array(w);
  const known = new Float32Array(w);
  const expected = new Float32Array(w * h);
  const weights = new Float32Array(w);
  for (let i = 0; i < w; i++) {
    const { ids, end, features } = exampleAt(examples, member[i] as number);
    const at = (anchor[i] as number) + (slot[i] as number);
    before[i] = ids[at] as number;
    const followed = at + 1 < ids.length ? ids[at + 1] : end;
    const place = places(followed as number);
    labels[i] = place ?? 0;
    known[i] = place === undefined ? 0 : 1;
    expected.set(features.data.subarray(at * h, (at + 1) * h), i * h);
    weights[i] = slotWeight(slot[i] as number) / total;
  }
  return {
    judged: intTensor(row),
    before: intTensor(before),
    labels: intTensor(labels),
    known: floatTensor(known, [w, 1]),
    expected: floatTensor(expected, [w, h]),
    weights: floatTensor(weights, [w, 1]),
  };
}

/** Where a token is among the outputs of the head, if it is one of them. */
function placesInHead(
  headTokenIds: readonly number[] | undefined,
  vocabSize: number,
): (id: number) => number | undefined {
  if (headTokenIds === undefined) return (id) => (id < vocabSize ? id : undefined);
  const places = new Map(headTokenIds.map((id, place) => [id, place]));
  return (id) => places.get(id);
}

/** cos, sin: context rows where the target has them, slots behind the root. */
function placesOf({ mropeSection, ...config }: BlockDraftConfig): Place {
  const rope = ropeOf(config);
  return (examples, { members, contextRows: n, blocks: a }) => {
    const { slots } = config;
    const r = members.length * n;
    const axis = (name: keyof AxisPositions) => {
      const all = new Int32Array(r + members.length * a * slots);
      for (const [place, member] of members.entries()) {
        const { anchors, positions } = exampleAt(examples, member);
        const own = positions?.[name];
        for (let i = 0; i < n; i++) all[place * n + i] = own?.[i] ?? i;
        for (let block = 0; block < a; block++) {
          const anchor = anchors[block] ?? 0;
          const root = positions === undefined ? anchor : behind(positions, anchor);
          const first = r + (place * a + block) * slots;
          for (let s = 0; s < slots; s++) all[first + s] = root + s;
        }
      }
      return all;
    };
    if (mropeSection === undefined) return rotaryRows(axis('time'), rope.frequencies, rope.scale);
    const axes = [axis('time'), axis('height'), axis('width')];
    return mropeRows(axes, mropeSection, rope.frequencies, rope.scale);
  };
}

/** One beyond the highest position before a row, on any axis: where the text goes on. */
function behind({ time, height, width }: AxisPositions, row: number): number {
  const before = (axis: Int32Array) => axis.subarray(0, row);
  const highest = highestPositions({
    time: before(time),
    height: before(height),
    width: before(width),
  });
  return highest.reduce((most, position) => Math.max(most, position + 1), 0);
}
