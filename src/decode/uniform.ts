/**
 * The random number of a token: a function of seed and position, not of how many draws were made before. So plain and
 * speculative decoding draw the same number for the same token. SplitMix64 (Steele, Lea and Flood, 2014), whose n-th
 * output needs no state, with the seed itself mixed first so that neighbouring seeds share no stream.
 *
 * @param seed an integer
 * @param position of the token in its sequence
 * @returns 53 random bits in [0, 1)
 */
export function uniform(seed: number, position: number): number {
  const start = mix(BigInt(seed) + GOLDEN);
  return Number(mix(start + BigInt(position + 1) * GOLDEN) >> 11n) * 2 ** -53;
}

const GOLDEN = 0x9e3779b97f4a7c15n;

function mix(state: bigint): bigint {
  let z = BigInt.asUintN(64, state);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}
