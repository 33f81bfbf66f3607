const GRAM = 8;
const TIMES = 3;

/** Where a text begins to go round in circles: the place at which the same 8 tokens begin for the third time, or null. */
export function loopStart(ids: ArrayLike<number>): number | null {
  const seen = new Map<string, number>();
  const all = Array.from(ids);
  for (let at = 0; at + GRAM <= all.length; at++) {
    const gram = all.slice(at, at + GRAM).join(' ');
    const times = (seen.get(gram) ?? 0) + 1;
    if (times === TIMES) return at;
    seen.set(gram, times);
  }
  return null;
}
