/** What a decade is divided by, from coarse to fine. */
const LEADS = [
  [1],
  [1, 2, 5],
  [1, 1.5, 2, 3, 5, 7],
  ...[0.5, 0.2, 0.1, 0.05, 0.02, 0.01].map(every),
];
const FEWEST = 3;
const MOST_DECADES = 12;

/** Round values between two positive bounds of a logarithmic scale: the coarsest division that gives enough. */
export function plotLogTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const count = Math.ceil(Math.log10(high)) - first + 1;
  const stride = Math.ceil(count / MOST_DECADES);
  const decades = Array.from(
    { length: Math.ceil(count / stride) },
    (_, n) => 10 ** (first + n * stride),
  );
  const ticksOf = (leads: readonly number[]) =>
    decades
      .flatMap((decade) => leads.map((lead) => Number((lead * decade).toPrecision(4))))
      .filter((tick) => tick >= low && tick <= high);
  return LEADS.map(ticksOf).find(({ length }) => length >= FEWEST) ?? [low, high];
}

function every(step: number): number[] {
  return Array.from({ length: Math.round(9 / step) }, (_, n) => 1 + n * step);
}
