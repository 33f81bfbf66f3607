import { largest } from '../../decode/largest.ts';
import { toHalves } from '../features/float16.ts';

/** How many of the likeliest tokens of a place are kept. */
const COUNT = 32;
/** Numbers of 16 bits that they take: the lower and upper half of each id, and how far its logit lies below the highest. */
export const TOP_LOGITS = 3 * COUNT;

/** The likeliest tokens of a row of logits [V], likeliest first: ids in two halves each, then logits beside the highest. */
export function topLogits(logits: Float32Array): Uint16Array {
  const ids = largest(logits, COUNT);
  const kept = new Uint16Array(TOP_LOGITS);
  const highest = logits[ids[0] ?? 0] as number;
  const below = Float32Array.from(ids, (id) => (logits[id] as number) - highest);
  for (const [place, id] of ids.entries()) {
    kept[2 * place] = id & 0xffff;
    kept[2 * place + 1] = id >>> 16;
  }
  kept.set(toHalves(below), 2 * COUNT);
  return kept;
}
