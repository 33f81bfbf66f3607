import { floatTensor, intTensor, type Tensor } from '../contracts/session.ts';
import { BLOCK } from '../graph/blocks/block-attention.ts';
import type { CacheReading, CacheShape } from './block-cache.ts';
import { HIDDEN, headRows, type LaneTail, mixedRows, sharedLaneFeeds } from './lane-places.ts';

/** A text whose next tokens are guessed. */
export interface SlotLane {
  /** Committed columns of the text. */
  readonly length: number;
  /** Its new rows, which follow them, and the first of these among all new rows of the pass. At most `BLOCK`. */
  readonly fresh: number;
  readonly first: number;
}

/**
 * Feeds of `slotInputs` and of the cache for a pass of slots: those of a lane, and no other rows, ask; they see the
 * committed columns of their text, its new rows and each other. The slots are a block of columns of their own, behind
 * all of the text's, so that a text's columns are added alike whether they are committed or new.
 *
 * @param slots of each lane, at most `BLOCK`
 * @param rows new rows of the pass, which stand before the slots; those of other texts are nobody's here
 */
export function slotLaneFeeds(
  lanes: readonly SlotLane[],
  reading: CacheReading,
  { heads, kvHeads, headDim }: Omit<CacheShape, 'layers'> & { readonly heads: number },
  slots: number,
  rows: number,
): Record<string, Tensor> {
  const tails = slotTails(lanes, reading);
  const w = Math.max(slots, ...lanes.map(({ fresh }) => fresh));
  const [c, m] = [tails.length, BLOCK + w];
  const group = heads / kvHeads;
  const queries = lanes.map((_, lane) =>
    headRows(kvHeads, group, slots, heads, (i) => lane * slots + i),
  );
  const columns = new Int32Array(c * kvHeads * w);
  const bias = new Float32Array(c * slots * m).fill(HIDDEN);
  for (const [at, { lane, block }] of tails.entries()) {
    const { length, fresh, first } = lanes[lane] as SlotLane;
    const own = rows + lane * slots;
    const isSlots = block === SLOTS;
    // Filled up with a slot of its own: of a neighbour's row, weights of zero would hide all but NaN.
    const row = (i: number) => (!isSlots && i < fresh ? first + i : own + Math.min(i, slots - 1));
    columns.set(headRows(kvHeads, 1, w, kvHeads, row), at * kvHeads * w);
    const line = bias.subarray(at * slots * m, at * slots * m + m);
    if (isSlots) line.fill(0, BLOCK, BLOCK + slots);
    else if (block >= 0) {
      const before = length - block * BLOCK; // columns of the tail's block that are committed
      line.fill(0, 0, Math.max(0, before));
      line.fill(0, BLOCK + Math.max(0, -before), BLOCK + Math.min(fresh, BLOCK - before));
    }
    for (let slot = 1; slot < slots; slot++) bias.set(line, (at * slots + slot) * m);
  }
  const counts = lanes.map(() => slots);
  const asking = lanes.length * slots;
  return Object.assign(sharedLaneFeeds(queries, tails, reading, { kvHeads, headDim }, BLOCK), {
    tail_columns: intTensor(columns, [c, kvHeads, w]),
    mixed_rows: intTensor(mixedRows(counts, asking, heads, slots), [asking, heads]),
    bias: floatTensor(bias, [c, 1, slots, m]),
  });
}

/** The block of a tail of slots: behind all of a text's. */
const SLOTS = Number.MAX_SAFE_INTEGER;

/** One tail behind each open block that is read, one more where new rows cross into the next block, and the slots'. */
function slotTails(lanes: readonly SlotLane[], { opens, openOf }: CacheReading): LaneTail[] {
  const tails: LaneTail[] = Array.from({ length: opens }, () => ({ lane: 0, block: -1 }));
  for (const [lane, { length, fresh }] of lanes.entries()) {
    const block = Math.floor(length / BLOCK);
    tails[openOf[lane] as number] = { lane, block };
    if (length + fresh > (block + 1) * BLOCK) tails.push({ lane, block: block + 1 });
    tails.push({ lane, block: SLOTS });
  }
  return tails;
}
