/** Floats in places of one size that grow where they lie: address space is reserved at once, memory taken as needed. */
export interface GrowingFloats {
  /** Makes room for so many places, or gives memory back where much more is held. */
  reserve(places: number): void;
  /** The floats of `count` places, not copied. Valid until less is reserved. */
  slice(first: number, count: number): Float32Array;
  /** Copies a place over another, or swaps the two. */
  move(from: number, to: number, swap: boolean): void;
  /** Bytes held. */
  readonly bytes: number;
}

/** Largest buffer that Node 20 makes. */
const MOST_BYTES = 2 ** 32;

/** @param size floats of a place */
export function growingFloats(size: number): GrowingFloats {
  const placeBytes = 4 * size;
  const most = Math.floor(MOST_BYTES / placeBytes) * placeBytes;
  const buffer = new ArrayBuffer(0, { maxByteLength: most });
  const slice = (first: number, count: number) =>
    new Float32Array(buffer, first * placeBytes, count * size);
  return {
    reserve(places) {
      const needed = places * placeBytes;
      if (needed > buffer.byteLength || 2 * needed < buffer.byteLength) buffer.resize(needed);
    },
    slice,
    move(from, to, swap) {
      const [a, b] = [slice(from, 1), slice(to, 1)];
      const overwritten = swap ? b.slice() : undefined;
      b.set(a);
      if (overwritten !== undefined) a.set(overwritten);
    },
    get bytes() {
      return buffer.byteLength;
    },
  };
}
