import { uniform } from '../../../decode/uniform.ts';
import type { MarkedText } from '../../marked-text.ts';

/** Where blocks can stand: at reply tokens that another follows. The last token of an answer that nobody read counts. */
export function anchorPlaces({ reply, end }: Pick<MarkedText, 'reply' | 'end'>): number[] {
  const places: number[] = [];
  for (let p = 1; p < reply.length; p++) {
    const next = p + 1 < reply.length ? reply[p + 1] : Number(end !== undefined);
    if (reply[p] === 1 && next === 1) places.push(p);
  }
  return places;
}

/**
 * Up to `count` different anchors, ascending: a function of the text and (seed, place), so that a resumed run draws the
 * same.
 * @param place of the dialogue in the run: step · batch + place in the batch
 */
export function drawAnchors(
  text: Pick<MarkedText, 'reply' | 'end'>,
  count: number,
  seed: number,
  place: number,
): Int32Array {
  const places = anchorPlaces(text);
  const drawn = Math.min(count, places.length);
  const own = Math.floor(uniform(seed, place) * 2 ** 32);
  for (let i = 0; i < drawn; i++) {
    const j = i + Math.floor(uniform(own, i) * (places.length - i));
    [places[i], places[j]] = [places[j] as number, places[i] as number];
  }
  return Int32Array.from(places.slice(0, drawn)).sort();
}

/** How many slots of a block at an anchor have a reply token to guess, without a gap: at least 1, at most `slots`. */
export function taughtSlots(
  { reply, end }: Pick<MarkedText, 'reply' | 'end'>,
  anchor: number,
  slots: number,
): number {
  for (let s = 0; s < slots; s++) {
    const next = anchor + 1 + s;
    if (next === reply.length) return end === undefined ? s : s + 1;
    if (reply[next] !== 1) return s;
  }
  return slots;
}
