import type { Expression } from '../expression.ts';
import { anyInteger, anyNumber } from '../json-values.ts';
import { numberRange } from '../number-range.ts';
import type { NumberRules } from './case.ts';

/** Digits behind the point of numbers with bounds. */
const DECIMALS = 6;
/** Digits that a double tells apart. */
const DIGITS = 15;

/** A number, or a whole one, within its bounds; fifteen digits at most where they allow more. */
export function numberExpression(rules: NumberRules | null, whole: boolean): Expression {
  if (rules === null) return whole ? anyInteger : anyNumber;
  const { least, most, leastOpen, mostOpen, step } = rules;
  const large = [least, most].some(
    (bound) => Number.isFinite(bound) && Math.abs(bound) >= 10 ** (DIGITS - DECIMALS),
  );
  const decimals = whole || step > 0 || large ? 0 : DECIMALS;
  const limit = 10n ** BigInt(DIGITS) - 1n;
  const low = Number.isFinite(least) ? scaled(least, decimals) : { units: -limit, exact: false };
  const high = Number.isFinite(most) ? scaled(most, decimals) : { units: limit, exact: false };
  const lowest = low.exact && !leastOpen ? low.units : low.units + 1n;
  const highest = high.exact && mostOpen ? high.units - 1n : high.units;
  // Bounds of hundreds of digits are reached no further than that: each count of digits costs.
  const longest = (bound: bigint) =>
    bound > limit ? 10n ** BigInt(String(bound).length) - 1n : limit;
  const [bottom, top] = [-longest(-highest), longest(lowest)];
  return numberRange({
    least: !Number.isFinite(least) || lowest < bottom ? bottom : lowest,
    most: highest > top ? top : highest,
    decimals,
    step: step > 0 ? BigInt(step) : 1n,
  });
}

/** A number in units of its last decimal, rounded down; exact where it is that. */
function scaled(value: number, decimals: number): { units: bigint; exact: boolean } {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  const [front = '0', behind = ''] = mantissa.split('.');
  const digits = BigInt(front + behind);
  const power = Number(exponent) - behind.length + decimals;
  if (power >= 0) return { units: digits * 10n ** BigInt(power), exact: true };
  const divisor = 10n ** BigInt(Math.min(-power, 400));
  const rest = digits % divisor;
  const cut = digits / divisor;
  return { units: rest < 0n ? cut - 1n : cut, exact: rest === 0n };
}
