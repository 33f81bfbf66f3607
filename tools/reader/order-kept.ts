import { editDistance } from '../../src/evaluate/edit-distance.ts';

/** Pairs of neighbours in the truth that were both found, and those of them that were read one after the other. */
export function orderKept(
  truth: readonly string[],
  read: readonly string[],
): { kept: number; of: number } {
  const left: (string | null)[] = [...read];
  const places = truth.map((text) => {
    const place = placeOf(text, left);
    if (place !== undefined) left[place] = null; // the same words may stand there again
    return place;
  });
  let [kept, of] = [0, 0];
  for (const [index, place] of places.slice(1).entries()) {
    const before = places[index];
    if (place === undefined || before === undefined) continue;
    of++;
    if (place > before) kept++;
  }
  return { kept, of };
}

/** Where the piece stands that is most like a text, where one is at least half like it. */
function placeOf(text: string, read: readonly (string | null)[]): number | undefined {
  let [best, least] = [-1, text.length / 2];
  for (const [index, other] of read.entries()) {
    if (other === null) continue;
    const distance = editDistance([...text], [...other]);
    if (distance >= least) continue;
    least = distance;
    best = index;
  }
  return best < 0 ? undefined : best;
}
