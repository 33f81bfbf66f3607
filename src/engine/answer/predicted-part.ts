import type { GenerateResult } from '../../contracts/generate.ts';

/**
 * How many of a prediction's tokens an answer has, in their order: the longest common subsequence of both, by a row of
 * bits for each token of the answer (Hyyrö, 2004), so that long texts cost little.
 */
export function predictedPart(
  predicted: ArrayLike<number>,
  ids: readonly number[],
): NonNullable<GenerateResult['predicted']> {
  const n = predicted.length;
  const words = Math.ceil(n / 32);
  const places = new Map<number, Uint32Array>(); // of each token, where it stands
  for (let at = 0; at < n; at += 1) {
    const id = predicted[at] as number;
    const bits = places.get(id) ?? new Uint32Array(words);
    places.set(id, bits);
    bits[at >>> 5] = (bits[at >>> 5] as number) | (1 << (at & 31));
  }
  const free = new Uint32Array(words).fill(0xffffffff); // a 0 is a token that is matched
  for (const id of ids) {
    const bits = places.get(id);
    if (bits === undefined) continue;
    let carry = 0;
    for (let word = 0; word < words; word += 1) {
      const v = free[word] as number;
      const met = (v & (bits[word] as number)) >>> 0;
      const sum = v + met + carry;
      carry = sum > 0xffffffff ? 1 : 0;
      free[word] = (sum >>> 0) | (v - met);
    }
  }
  let accepted = 0;
  for (let at = 0; at < n; at += 1) {
    if (((free[at >>> 5] as number) & (1 << (at & 31))) === 0) accepted += 1;
  }
  return { accepted, rejected: n - accepted };
}
