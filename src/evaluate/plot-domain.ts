/**
 * Bounds of an axis: the span of the values, with air above and below where it is not one of `reaches`.
 * A flat line gets a scale to stand in.
 *
 * @param values at least one, all finite; above 0 for a logarithmic axis
 * @param reaches values inside the bounds whatever the values are
 */
export function plotDomain(
  values: readonly number[],
  reaches: readonly number[],
  log: boolean,
): [number, number] {
  const low = [...reaches, ...values].reduce((a, b) => Math.min(a, b));
  const high = [...reaches, ...values].reduce((a, b) => Math.max(a, b));
  const [below, above] = log ? logAir(low, high) : linearAir(low, high);
  return [
    reaches.includes(low) && low < high ? low : below,
    reaches.includes(high) && low < high ? high : above,
  ];
}

function linearAir(low: number, high: number): [number, number] {
  const air = low === high ? Math.abs(low) / 2 || 1 : 0.04 * (high - low);
  return [low - air, high + air];
}

function logAir(low: number, high: number): [number, number] {
  const air = low === high ? 2 : (high / low) ** 0.04;
  return [low / air, high * air];
}
