/** The float32 of every half. */
const HALVES = valuesOfHalves();

/** What `valueOfHalf` says of each, put together from bits, since every start waits for it. */
function valuesOfHalves(): Float32Array {
  const values = new Float32Array(1 << 16);
  const bits = new Uint32Array(values.buffer);
  for (let half = 0; half < 0x8000; half++) {
    if (half < 0x400) values[half] = half * 2 ** -24;
    else bits[half] = (half << 13) + (half < 0x7c00 ? 112 << 23 : 224 << 23);
    bits[half + 0x8000] = (bits[half] as number) | 0x8000_0000;
  }
  return values;
}

/** IEEE binary16: one sign bit, five exponent bits (bias 15), ten fraction bits. */
export function valueOfHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Little-endian, as the bytes of `into` on every machine that Node's prebuilt runtimes are for. */
export function widenF32(bytes: Uint8Array, into: Float32Array): void {
  new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(bytes);
}

export function widenF16(bytes: Uint8Array, into: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = halfAt(bytes, 2 * i);
}

/** bfloat16 is the upper half of a float32. */
export function widenBF16(bytes: Uint8Array, into: Float32Array): void {
  const words = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (let i = 0; i < words.length; i++) {
    words[i] = ((bytes[2 * i] as number) << 16) | ((bytes[2 * i + 1] as number) << 24);
  }
}

/** The half whose two bytes stand at `at`. */
export function halfAt(bytes: Uint8Array, at: number): number {
  return HALVES[(bytes[at] as number) | ((bytes[at + 1] as number) << 8)] as number;
}
