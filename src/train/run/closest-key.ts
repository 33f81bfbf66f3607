import { editDistance } from '../../evaluate/edit-distance.ts';

/** The known key that someone who wrote `key` meant: close in letters, or of the same last part in another group. */
export function closestKey(key: string, known: readonly string[]): string | undefined {
  const near = (one: string) =>
    lastPart(one) === lastPart(key) ? 1 : editDistance(one.toLowerCase(), key.toLowerCase());
  const scored = known.map((one) => ({ one, distance: near(one) }));
  const best = scored.reduce<(typeof scored)[number] | undefined>(
    (least, next) => (least === undefined || next.distance < least.distance ? next : least),
    undefined,
  );
  const furthest = Math.max(2, Math.floor(lastPart(key).length / 3));
  return best !== undefined && best.distance <= furthest ? best.one : undefined;
}

const lastPart = (key: string): string => key.slice(key.lastIndexOf('.') + 1).toLowerCase();
