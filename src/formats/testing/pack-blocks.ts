/** Blocks of GGML's types from their parts, written from the format's description and not from our reader. */

interface Plain {
  /** A half's bits. */
  readonly d: number;
  readonly m: number;
  /** Small integers, as many as the block has numbers. */
  readonly q: readonly number[];
}

export interface KParts extends Plain {
  /** One scale and one minimum per group. */
  readonly scales: readonly number[];
  readonly minima: readonly number[];
}

const half = (bits: number) => [bits & 255, bits >> 8];
const at = (list: readonly number[], i: number) => list[i] ?? 0;
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** q from 0 to 15, stored; number i shares its byte with number i + 16. */
function nibbles32(q: readonly number[]): number[] {
  return range(16).map((i) => at(q, i) | (at(q, i + 16) << 4));
}

/** q from -8 to 7. */
export function packQ40({ d, q }: Plain): Uint8Array {
  return Uint8Array.from([...half(d), ...nibbles32(q.map((n) => n + 8))]);
}

/** q from 0 to 15. */
export function packQ41({ d, m, q }: Plain): Uint8Array {
  return Uint8Array.from([...half(d), ...half(m), ...nibbles32(q)]);
}

/** q from -128 to 127. */
export function packQ80({ d, q }: Plain): Uint8Array {
  return Uint8Array.from([...half(d), ...q.map((n) => n & 255)]);
}

/** Eight pairs of 6 bits in 12 bytes: four whole, the upper two bits of the other four above them. */
function packScales({ scales, minima }: KParts): number[] {
  const low = (list: readonly number[]) =>
    range(4).map((j) => at(list, j) | ((at(list, j + 4) >> 4) << 6));
  const rest = range(4).map((j) => (at(scales, j + 4) & 15) | ((at(minima, j + 4) & 15) << 4));
  return [...low(scales), ...low(minima), ...rest];
}

/** Numbers 64k to 64k + 31 are the lower nibbles of 32 bytes, the next 32 the upper ones. */
function nibbles256(q: readonly number[]): number[] {
  return range(128).map((byte) => {
    const first = 64 * (byte >> 5) + (byte & 31);
    return (at(q, first) & 15) | ((at(q, first + 32) & 15) << 4);
  });
}

/** q from 0 to 15; eight scales and minima from 0 to 63. */
export function packQ4K(parts: KParts): Uint8Array {
  const { d, m, q } = parts;
  return Uint8Array.from([...half(d), ...half(m), ...packScales(parts), ...nibbles256(q)]);
}

/** q from 0 to 31. */
export function packQ5K(parts: KParts): Uint8Array {
  const { d, m, q } = parts;
  const fifth = range(32).map((i) =>
    range(8).reduce((byte, group) => byte | ((at(q, 32 * group + i) >> 4) << group), 0),
  );
  return Uint8Array.from([
    ...[...half(d), ...half(m)],
    ...packScales(parts),
    ...fifth,
    ...nibbles256(q),
  ]);
}

/** q from -32 to 31; sixteen scales from -128 to 127. */
export function packQ6K({ d, scales, q }: KParts): Uint8Array {
  const low: number[] = [];
  const high: number[] = [];
  for (const half of [0, 128]) {
    const six = (i: number) => at(q, half + i) + 32;
    for (const i of range(64)) low.push((six(i) & 15) | ((six(i + 64) & 15) << 4));
    for (const i of range(32)) {
      const upper = range(4).map((quarter) => (six(i + 32 * quarter) >> 4) << (2 * quarter));
      high.push(upper.reduce((byte, bits) => byte | bits, 0));
    }
  }
  return Uint8Array.from([...low, ...high, ...scales.map((n) => n & 255), ...half(d)]);
}
