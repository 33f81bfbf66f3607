/**
 * Rows of a table in blocks, widened after they were looked up. Q8_0: a half d, then 32 signed bytes; number = d · byte.
 *
 *   d = a[high] · low + b[high]      // the half's two bytes; a, b [256] say what its sign, exponent and upper fraction mean
 */
import type { WeightRef } from '../../../contracts/checkpoint.ts';
import { GraphError } from '../../../contracts/errors.ts';
import { constant, dimOf, fixedDim, type Value } from '../../../graph/graph.ts';
import { add, cast, mul } from '../../../graph/operators/elementwise.ts';
import { gather, reshape, slice } from '../../../graph/operators/layout.ts';
import { STORED_TYPES } from './stored-types.ts';
import { valueOfHalf } from './widen.ts';

/** The one type of blocks that tables may have. */
export const TABLE_BLOCKS = 'Q8_0';

const { values: VALUES, bytes: BYTES } = STORED_TYPES[TABLE_BLOCKS];

/** Of a weight in blocks where numbers are asked for. */
export const inBlocks = ({ name, dtype }: Pick<WeightRef, 'name' | 'dtype'>): GraphError =>
  new GraphError(
    `Weight ${name} lies in blocks (${dtype}); convert it, or export the folder as F32.`,
  );

/** uint8 [n, bytes of a row] → float32 [n, numbers of a row], those of `widen` to the bit */
export function widenedRows(rows: Value): Value {
  const n = dimOf(rows, 0);
  const blocks = fixedDim(rows, 1) / BYTES;
  const stored = reshape(rows, [n, blocks, BYTES]);
  const low = slice(stored, 2, 0, 1);
  const high = slice(stored, 2, 1, 2);
  const scales = add(mul(byByte(high, unitOf), cast(low, 'float32')), byByte(high, baseOf)); // [n, blocks, 1]
  const signed = byByte(slice(stored, 2, 2, BYTES), (byte) => (byte << 24) >> 24); // [n, blocks, 32]
  return reshape(mul(signed, scales), [n, blocks * VALUES]);
}

/** What the lowest bit of a half is worth, and what its upper byte alone is. */
const unitOf = (high: number): number => valueOfHalf((high << 8) | 1) - valueOfHalf(high << 8);
const baseOf = (high: number): number => valueOfHalf(high << 8);

/** A function of a byte, looked up: uint8 [...] → float32 [...] */
function byByte(bytes: Value, of: (byte: number) => number): Value {
  const table = Float32Array.from({ length: 256 }, (_, byte) => finite(of(byte)));
  return gather(constant(bytes.graph, table, [256]), cast(bytes, 'int32'));
}

/** Infinity and NaN are refused at load. */
const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
