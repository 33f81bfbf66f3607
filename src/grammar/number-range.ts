import {
  characters,
  choice,
  EMPTY,
  type Expression,
  literal,
  NOTHING,
  optional,
  repeat,
  sequence,
} from './expression.ts';

/** Numbers between two bounds, in units of the last decimal: with 2 decimals 150n is 1.50. Bounds are included. */
export interface NumberRange {
  readonly least: bigint;
  readonly most: bigint;
  /** Most digits behind the point. */
  readonly decimals: number;
  /** Only multiples of it, in the same units. */
  readonly step: bigint;
}

const digits = (first: number, last: number): Expression =>
  characters([[0x30 + first, 0x30 + last]]);

/**
 * The numbers of a range as JSON writes them, without exponents: digit by digit, as long as the digits so far are those of
 * a bound, the next one is held to it; what is left over by `step` is carried along.
 */
export function numberRange({ least, most, decimals, step }: NumberRange): Expression {
  const positive = magnitudes(max(least, 0n), most, decimals, step);
  const negative = magnitudes(max(-most, 1n), -least, decimals, step);
  return choice(positive, sequence(literal('-'), negative));
}

/** @param low at least 0 */
function magnitudes(low: bigint, high: bigint, decimals: number, step: bigint): Expression {
  if (low > high) return NOTHING;
  const options: Expression[] = [];
  for (let whole = 1; ; whole += 1) {
    const length = whole + decimals;
    const first = whole === 1 ? 0n : 10n ** BigInt(length - 1);
    if (first > high) break;
    const from = String(max(low, first)).padStart(length, '0');
    const to = String(min(high, 10n ** BigInt(length) - 1n)).padStart(length, '0');
    if (BigInt(from) <= BigInt(to)) options.push(between(from, to, decimals, step));
  }
  return choice(...options);
}

/** Numbers of a fixed count of digits, of which the last `decimals` may stop short where only zeros follow. */
function between(from: string, to: string, decimals: number, step: bigint): Expression {
  const length = from.length;
  const memory = new Map<string, Expression>();
  const rest = (at: number, tightLow: boolean, tightHigh: boolean, over: bigint): Expression => {
    if (at === length) return over === 0n ? EMPTY : NOTHING;
    if (!tightLow && !tightHigh && step === 1n) return freely(length - at, decimals);
    const key = `${at} ${tightLow} ${tightHigh} ${over}`;
    const known = memory.get(key);
    if (known !== undefined) return known;
    const lowest = tightLow ? Number(from[at]) : 0;
    const highest = tightHigh ? Number(to[at]) : 9;
    const options: Expression[] = [];
    for (let digit = lowest; digit <= highest; digit += 1) {
      // Digits between those of the bounds go on alike, where nothing is carried along.
      const inner = step === 1n && digit > lowest && digit < highest;
      const last = inner ? highest - 1 : digit;
      const left = (over * 10n + BigInt(digit)) % step;
      const low = tightLow && digit === lowest;
      const high = tightHigh && digit === highest;
      options.push(sequence(digits(digit, last), rest(at + 1, low, high, left)));
      digit = last;
    }
    const places = length - at; // digits that are left
    const more = choice(...options);
    const zeros = !tightLow || /^0*$/.test(from.slice(at));
    const even = (over * 10n ** BigInt(places)) % step === 0n;
    const made =
      places > decimals
        ? more
        : places === decimals
          ? choice(...(zeros && even ? [EMPTY] : []), sequence(literal('.'), more))
          : choice(...(zeros && even ? [EMPTY] : []), more);
    memory.set(key, made);
    return made;
  };
  return rest(0, true, true, 0n);
}

/** Any digits in the places that are left. */
function freely(places: number, decimals: number): Expression {
  const any = digits(0, 9);
  if (places < decimals) return repeat(any, 0, places);
  const whole = repeat(any, places - decimals, places - decimals);
  if (decimals === 0) return whole;
  return sequence(whole, optional(sequence(literal('.'), repeat(any, 1, decimals))));
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
