/** Goodness of fit by Pearson's χ², for tests of a sampling law. */

/**
 * @param counts how often each outcome was seen
 * @param law exact probability of each outcome; outcomes expected fewer than 5 times are pooled
 * @returns the chance of a fit at least this bad under the law; 0 if an impossible outcome was seen
 */
export function chiSquareP(counts: readonly number[], law: readonly number[]): number {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  const rare = { count: 0, expected: 0 };
  let statistic = 0;
  let cells = 0;
  const add = (count: number, expected: number) => {
    statistic += (count - expected) ** 2 / expected;
    cells += 1;
  };
  for (const [outcome, count] of counts.entries()) {
    const expected = draws * (law[outcome] as number);
    if (expected === 0 && count > 0) return 0;
    if (expected >= 5) add(count, expected);
    else {
      rare.count += count;
      rare.expected += expected;
    }
  }
  if (rare.expected > 0) add(rare.count, rare.expected);
  return upperGamma((cells - 1) / 2, statistic / 2);
}

/** Regularised upper incomplete gamma function Q(a, x): series below a + 1, else Lentz's continued fraction. */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > sum * 1e-16; n += 1) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - scale * sum;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n += 1) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return scale * fraction;
}

/** ln Γ(x) by Stirling's series, shifted up to where it is exact to 1e-14. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 12; z += 1) shift += Math.log(z);
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w / 1680))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
