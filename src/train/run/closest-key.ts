/** The known key that someone who wrote `key` meant: close in letters, or of the same last part in another group. */
export function closestKey(key: string, known: readonly string[]): string | undefined {
  const near = (one: string) => (lastPart(one) === lastPart(key) ? 1 : editDistance(one, key));
  const scored = known.map((one) => ({ one, distance: near(one) }));
  const best = scored.reduce<(typeof scored)[number] | undefined>(
    (least, next) => (least === undefined || next.distance < least.distance ? next : least),
    undefined,
  );
  const furthest = Math.max(2, Math.floor(lastPart(key).length / 3));
  return best !== undefined && best.distance <= furthest ? best.one : undefined;
}

const lastPart = (key: string): string => key.slice(key.lastIndexOf('.') + 1).toLowerCase();

/** Letters to insert, delete or replace (Levenshtein), case aside. */
function editDistance(from: string, to: string): number {
  const [a, b] = [from.toLowerCase(), to.toLowerCase()];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
