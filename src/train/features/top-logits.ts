import type { Likely } from '../../contracts/target.ts';
import { largest } from '../../decode/largest.ts';
import { fromHalves, toHalves } from './float16.ts';

/** How many of the likeliest tokens of a place are kept. */
export const TOP_COUNT = 32;
/** Numbers of 16 bits that they take: the lower and upper half of each id, and how far its logit lies below the highest. */
export const TOP_LOGITS = 3 * TOP_COUNT;

/** The likeliest tokens of a row of logits [V], likeliest first: ids in two halves each, then logits beside the highest. */
export function topLogits(logits: Float32Array): Uint16Array {
  const ids = Int32Array.from(largest(logits, TOP_COUNT));
  return packLikely({ ids, logits: Float32Array.from(ids, (id) => logits[id] as number) });
}

/** The likely tokens of one row, likeliest first, in numbers of 16 bits: three for each. */
export function packLikely({ ids, logits }: Pick<Likely, 'ids' | 'logits'>): Uint16Array {
  const kept = new Uint16Array(3 * ids.length);
  const highest = logits[0] as number;
  for (const [place, id] of ids.entries()) {
    kept[2 * place] = id & 0xffff;
    kept[2 * place + 1] = id >>> 16;
  }
  kept.set(toHalves(logits.map((logit) => logit - highest)), 2 * ids.length);
  return kept;
}

/** The likely tokens of rows of which `each` were packed. */
export function unpackLikely(kept: Uint16Array, each: number): Likely {
  const rows = kept.length / (3 * each);
  const ids = new Int32Array(rows * each);
  const logits = new Float32Array(rows * each);
  for (let row = 0; row < rows; row++) {
    const from = 3 * each * row;
    for (let place = 0; place < each; place++) {
      const [low, high] = [kept[from + 2 * place] as number, kept[from + 2 * place + 1] as number];
      ids[row * each + place] = low | (high << 16);
    }
    logits.set(fromHalves(kept.subarray(from + 2 * each, from + 3 * each)), row * each);
  }
  return { ids, logits, each };
}
