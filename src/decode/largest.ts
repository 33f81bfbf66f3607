/** Places of the `count` largest values, largest first; of equals the first goes first. */
export function largest(values: Float32Array, count: number): number[] {
  const best: number[] = [];
  if (count === 0) return best;
  let least = -Infinity; // of the kept ones, once there are enough
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (best.length === count && value <= least) continue;
    let after = best.length;
    while (after > 0 && value > (values[best[after - 1] as number] as number)) after -= 1;
    best.splice(after, 0, at);
    if (best.length > count) best.pop();
    least = values[best.at(-1) as number] as number;
  }
  return best;
}
