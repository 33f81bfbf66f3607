/**
 * What converting to 8 bits does to every number, in AssemblyScript (TypeScript's syntax, WebAssembly's types): four to
 * sixteen numbers at a time, where JavaScript has one. Each sum and product is rounded as the same lines of JavaScript would
 * round it, so that files are the same bytes. `src/formats/forms/w8a8/panel-kernel.ts` says what lies where in memory.
 */

const FLOAT: usize = 4;
/** Numbers of a block that begins with one half or two. */
const BLOCK: usize = 32;

/** IEEE binary16 → float32 */
function valueOfHalf(at: usize): f32 {
  return f32x4.extract_lane(valuesOfHalves(i32x4.splat(<i32>load<u16>(at))), 0);
}

/** Four halves, each in a lane's lower bits: the exponent is counted from 15, in float32 from 127; all ones say NaN, infinity. */
function valuesOfHalves(halves: v128): v128 {
  const sign = i32x4.shl(v128.and(halves, i32x4.splat(0x8000)), 16);
  const rest = i32x4.shl(v128.and(halves, i32x4.splat(0x7fff)), 13);
  const finite = f32x4.mul(rest, f32x4.splat(reinterpret<f32>((127 + 112) << 23)));
  const exponent = v128.and(halves, i32x4.splat(0x7c00));
  const broken = v128.and(i32x4.eq(exponent, i32x4.splat(0x7c00)), i32x4.splat(0x7f800000));
  return v128.or(v128.or(finite, broken), sign);
}

export function widenF16(from: usize, to: usize, count: i32): void {
  let i: usize = 0;
  for (; i + 4 <= <usize>count; i += 4) {
    v128.store(to + i * FLOAT, valuesOfHalves(v128.load16x4_u(from + 2 * i)));
  }
  for (; i < <usize>count; i++) store<f32>(to + i * FLOAT, valueOfHalf(from + 2 * i));
}

/** A half d, sixteen bytes of two nibbles: the lower are the first sixteen numbers; d · (nibble − 8). */
export function widenQ40(from: usize, to: usize, count: i32): void {
  const end = to + <usize>count * FLOAT;
  for (let at = from; to < end; at += 18, to += BLOCK * FLOAT) {
    const d = f32x4.splat(valueOfHalf(at));
    const pairs = v128.load(at + 2);
    const by = i8x16.splat(8);
    writeSixteen(to, i8x16.sub(v128.and(pairs, i8x16.splat(15)), by), d, f32x4.splat(-0.0));
    writeSixteen(to + 64, i8x16.sub(i8x16.shr_u(pairs, 4), by), d, f32x4.splat(-0.0));
  }
}

/** Halves d and m, nibbles as in Q4_0; d · nibble + m. */
export function widenQ41(from: usize, to: usize, count: i32): void {
  const end = to + <usize>count * FLOAT;
  for (let at = from; to < end; at += 20, to += BLOCK * FLOAT) {
    const d = f32x4.splat(valueOfHalf(at));
    const m = f32x4.splat(valueOfHalf(at + 2));
    const pairs = v128.load(at + 4);
    writeSixteen(to, v128.and(pairs, i8x16.splat(15)), d, m);
    writeSixteen(to + 64, i8x16.shr_u(pairs, 4), d, m);
  }
}

/** A half d, 32 signed bytes; d · byte. */
export function widenQ80(from: usize, to: usize, count: i32): void {
  const end = to + <usize>count * FLOAT;
  for (let at = from; to < end; at += 34, to += BLOCK * FLOAT) {
    const d = f32x4.splat(valueOfHalf(at));
    writeSixteen(to, v128.load(at + 2), d, f32x4.splat(-0.0));
    writeSixteen(to + 64, v128.load(at + 18), d, f32x4.splat(-0.0));
  }
}

/** d · whole + m of sixteen whole numbers, m = -0 where there is none. The product is exact: it has no more than nineteen bits. */
function writeSixteen(to: usize, whole: v128, d: v128, m: v128): void {
  const low = i16x8.extend_low_i8x16_s(whole);
  const high = i16x8.extend_high_i8x16_s(whole);
  v128.store(to, valuesOf(i32x4.extend_low_i16x8_s(low), d, m));
  v128.store(to + 16, valuesOf(i32x4.extend_high_i16x8_s(low), d, m));
  v128.store(to + 32, valuesOf(i32x4.extend_low_i16x8_s(high), d, m));
  v128.store(to + 48, valuesOf(i32x4.extend_high_i16x8_s(high), d, m));
}

function valuesOf(whole: v128, d: v128, m: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(whole), d), m);
}

/** Numbers times the sign of their place in a block of `width`. */
export function sign(at: usize, count: i32, width: i32, signs: usize): void {
  const step = width < 4 ? 1 : 4;
  for (let i = 0; i < count; i += step) {
    const place = at + <usize>i * FLOAT;
    const by = signs + <usize>(i & (width - 1)) * FLOAT;
    if (step === 1) store<f32>(place, load<f32>(place) * load<f32>(by));
    else v128.store(place, f32x4.mul(v128.load(place), v128.load(by)));
  }
}

/**
 * Walsh-Hadamard transform of every `size` numbers, among parts of `stride`: rounds of sums and differences of neighbours
 * that are ever farther apart. What the last round gives is scaled.
 */
export function hadamard(at: usize, count: i32, size: i32, stride: i32, scale: f64): void {
  const end = at + <usize>count * FLOAT;
  for (let first = at; first < end; first += <usize>size * FLOAT) {
    let half = stride;
    if (half === 1 && size % 4 === 0) {
      roundsWithinFours(first, size, size === 4 ? scale : 1);
      half = 4;
    }
    for (; half < size && half % 4 !== 0; half *= 2) {
      roundOfOnes(first, size, half, 2 * half < size ? 1 : scale);
    }
    for (; 4 * half <= size; half *= 4) {
      roundsOfFours(first, size, half, 4 * half < size ? 1 : scale);
    }
    if (half < size) roundOfFours(first, size, half, scale);
  }
}

function roundOfOnes(at: usize, size: i32, half: i32, scale: f64): void {
  const apart = <usize>half * FLOAT;
  const end = at + <usize>size * FLOAT;
  for (let part = at; part < end; part += 2 * apart) {
    for (let i = part; i < part + apart; i += FLOAT) {
      const a = load<f32>(i);
      const b = load<f32>(i + apart);
      store<f32>(i, <f32>(<f64>(a + b) * scale));
      store<f32>(i + apart, <f32>(<f64>(a - b) * scale));
    }
  }
}

/** Two rounds: of neighbours, and of every other one of four. */
function roundsWithinFours(at: usize, size: i32, scale: f64): void {
  const odd = i32x4(0, i32.MIN_VALUE, 0, i32.MIN_VALUE);
  const high = i32x4(0, 0, i32.MIN_VALUE, i32.MIN_VALUE);
  const end = at + <usize>size * FLOAT;
  for (let i = at; i < end; i += 16) {
    const x = v128.load(i);
    const y = f32x4.add(
      v128.shuffle<f32>(x, x, 0, 0, 2, 2),
      v128.xor(v128.shuffle<f32>(x, x, 1, 1, 3, 3), odd),
    );
    const z = f32x4.add(
      v128.shuffle<f32>(y, y, 0, 1, 0, 1),
      v128.xor(v128.shuffle<f32>(y, y, 2, 3, 2, 3), high),
    );
    v128.store(i, scaled(z, scale));
  }
}

/** The last round where two by two leave one. */
function roundOfFours(at: usize, size: i32, half: i32, scale: f64): void {
  const apart = <usize>half * FLOAT;
  const end = at + <usize>size * FLOAT;
  for (let part = at; part < end; part += 2 * apart) {
    for (let i = part; i < part + apart; i += 16) {
      const a = v128.load(i);
      const b = v128.load(i + apart);
      v128.store(i, scaled(f32x4.add(a, b), scale));
      v128.store(i + apart, scaled(f32x4.sub(a, b), scale));
    }
  }
}

/** Two rounds, so that numbers are read and written half as often. */
function roundsOfFours(at: usize, size: i32, half: i32, scale: f64): void {
  const apart = <usize>half * FLOAT;
  const end = at + <usize>size * FLOAT;
  for (let part = at; part < end; part += 4 * apart) {
    for (let i = part; i < part + apart; i += 16) {
      const a = v128.load(i);
      const b = v128.load(i + apart);
      const c = v128.load(i + 2 * apart);
      const d = v128.load(i + 3 * apart);
      const ab = f32x4.add(a, b);
      const cd = f32x4.add(c, d);
      const less = f32x4.sub(a, b);
      const lower = f32x4.sub(c, d);
      v128.store(i, scaled(f32x4.add(ab, cd), scale));
      v128.store(i + apart, scaled(f32x4.add(less, lower), scale));
      v128.store(i + 2 * apart, scaled(f32x4.sub(ab, cd), scale));
      v128.store(i + 3 * apart, scaled(f32x4.sub(less, lower), scale));
    }
  }
}

/** Four numbers, scaled in double and rounded once. */
function scaled(x: v128, scale: f64): v128 {
  if (scale === 1) return x;
  const by = f64x2.splat(scale);
  const low = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(x), by));
  const high = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(upper(x)), by));
  return v128.shuffle<i64>(low, high, 0, 2);
}

/** The upper two of four, where the lower ones are. */
function upper(x: v128): v128 {
  return v128.shuffle<i64>(x, x, 1, 1);
}

/**
 * Parts of `size` numbers, to each its share of all: shares [to, from] in double, sums rounded number by number. They are
 * copied to `old` before.
 */
export function mix(at: usize, old: usize, parts: i32, size: i32, shares: usize): void {
  memory.copy(old, at, <usize>(parts * size) * FLOAT);
  memory.fill(at, 0, <usize>(parts * size) * FLOAT);
  for (let to = 0; to < parts; to++) {
    const into = at + <usize>(to * size) * FLOAT;
    for (let from = 0; from < parts; from++) {
      const share = load<f64>(shares + <usize>(to * parts + from) * 8);
      addShare(into, old + <usize>(from * size) * FLOAT, size, share);
    }
  }
}

function addShare(into: usize, part: usize, size: i32, share: f64): void {
  const by = f64x2.splat(share);
  let i: usize = 0;
  const end = <usize>size * FLOAT;
  for (; i + 16 <= end; i += 16) {
    const sum = v128.load(into + i);
    const x = v128.load(part + i);
    const low = f64x2.add(f64x2.promote_low_f32x4(sum), f64x2.mul(by, f64x2.promote_low_f32x4(x)));
    const high = f64x2.add(
      f64x2.promote_low_f32x4(upper(sum)),
      f64x2.mul(by, f64x2.promote_low_f32x4(upper(x))),
    );
    const sums = v128.shuffle<i64>(
      f32x4.demote_f64x2_zero(low),
      f32x4.demote_f64x2_zero(high),
      0,
      2,
    );
    v128.store(into + i, sums);
  }
  for (; i < end; i += FLOAT) {
    store<f32>(into + i, <f32>(<f64>load<f32>(into + i) + share * <f64>load<f32>(part + i)));
  }
}

/** [rows, columns] → [columns, rows] */
export function transpose(from: usize, to: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = load<f32>(from + <usize>(row * columns + column) * FLOAT);
      store<f32>(to + <usize>(column * rows + row) * FLOAT, x);
    }
  }
}

/** A row as whole numbers from -most to most. Gives what one of them is worth: NaN where a number is not finite. */
export function quantise(row: usize, count: i32, whole: usize, most: f64): f64 {
  const largest = <f64>largestOf(row, count);
  if (!(largest <= f64.MAX_VALUE)) return NaN;
  const perStep = largest === 0 ? 0 : most / largest;
  let i = 0;
  for (; i + 16 <= count; i += 16) {
    const at = row + <usize>i * FLOAT;
    const low = i16x8.narrow_i32x4_s(
      wholeOf(v128.load(at), perStep, most),
      wholeOf(v128.load(at + 16), perStep, most),
    );
    const high = i16x8.narrow_i32x4_s(
      wholeOf(v128.load(at + 32), perStep, most),
      wholeOf(v128.load(at + 48), perStep, most),
    );
    v128.store(whole + i, i8x16.narrow_i16x8_s(low, high));
  }
  for (; i < count; i++) {
    const x = <f64>load<f32>(row + <usize>i * FLOAT);
    store<i8>(whole + i, <i8>(<i32>(x * perStep + (most + 0.5)) - <i32>most));
  }
  return largest / most;
}

/** NaN stays in it. */
function largestOf(row: usize, count: i32): f32 {
  let sizes = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    sizes = f32x4.max(sizes, f32x4.abs(v128.load(row + <usize>i * FLOAT)));
  }
  let largest = max<f32>(
    max<f32>(f32x4.extract_lane(sizes, 0), f32x4.extract_lane(sizes, 1)),
    max<f32>(f32x4.extract_lane(sizes, 2), f32x4.extract_lane(sizes, 3)),
  );
  for (; i < count; i++) largest = max<f32>(largest, abs<f32>(load<f32>(row + <usize>i * FLOAT)));
  return largest;
}

/** Halves go up: the whole part of a number that is never negative. */
function wholeOf(x: v128, perStep: f64, most: f64): v128 {
  const per = f64x2.splat(perStep);
  const above = f64x2.splat(most + 0.5);
  const low = f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(x), per), above);
  const high = f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(upper(x)), per), above);
  const both = v128.shuffle<i64>(
    i32x4.trunc_sat_f64x2_s_zero(low),
    i32x4.trunc_sat_f64x2_s_zero(high),
    0,
    2,
  );
  return i32x4.sub(both, i32x4.splat(<i32>most));
}

/**
 * Whole numbers of rows [count, into] as columns of a panel [into, columns], from `first`; counted from `zero`, which is 0
 * or 128. `pad` has room for 512 bytes.
 */
export function put(
  rows: usize,
  count: i32,
  into: i32,
  panel: usize,
  columns: i32,
  first: i32,
  zero: i32,
  pad: usize,
): void {
  const high = count & ~15;
  const wide = into & ~15;
  for (let i = 0; i < wide; i += 16) {
    for (let row = 0; row < high; row += 16) {
      turnSquare(
        rows + row * into + i,
        into,
        panel + i * columns + first + row,
        columns,
        zero,
        pad,
      );
    }
  }
  for (let row = 0; row < count; row++) {
    for (let i = row < high ? wide : 0; i < into; i++) {
      store<u8>(panel + i * columns + first + row, load<u8>(rows + row * into + i) ^ <u8>zero);
    }
  }
}

/** Sixteen rows of sixteen bytes as columns: four times, every row's halves go between those of the row eight below. */
function turnSquare(from: usize, long: usize, to: usize, wide: usize, zero: i32, pad: usize): void {
  for (let k: usize = 0; k < 8; k++) {
    between(v128.load(from + k * long), v128.load(from + (k + 8) * long), pad + 32 * k, 16);
  }
  const other = pad + 256;
  for (let k: usize = 0; k < 8; k++) {
    between(v128.load(pad + 16 * k), v128.load(pad + 16 * (k + 8)), other + 32 * k, 16);
  }
  for (let k: usize = 0; k < 8; k++) {
    between(v128.load(other + 16 * k), v128.load(other + 16 * (k + 8)), pad + 32 * k, 16);
  }
  const by = i8x16.splat(<i8>zero);
  for (let k: usize = 0; k < 8; k++) {
    const a = v128.xor(v128.load(pad + 16 * k), by);
    const b = v128.xor(v128.load(pad + 16 * (k + 8)), by);
    between(a, b, to + 2 * k * wide, wide);
  }
}

/** The bytes of two rows by turns: the first sixteen at `to`, the others `apart` from there. */
function between(a: v128, b: v128, to: usize, apart: usize): void {
  v128.store(to, v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
  v128.store(
    to + apart,
    v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31),
  );
}
