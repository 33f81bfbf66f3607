/** The k-th largest of the values, 1 <= k <= length, without sorting them all (Hoare's selection). No NaN. */
export function kthLargest(values: Float32Array, k: number): number {
  const rest = values.slice();
  const wanted = k - 1;
  let low = 0;
  let high = rest.length - 1;
  while (low < high) {
    const pivot = rest[(low + high) >> 1] as number;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((rest[i] as number) > pivot) i += 1;
      while ((rest[j] as number) < pivot) j -= 1;
      if (i > j) break;
      [rest[i], rest[j]] = [rest[j] as number, rest[i] as number];
      i += 1;
      j -= 1;
    }
    if (wanted <= j) high = j;
    else if (wanted >= i) low = i;
    else break;
  }
  return rest[wanted] as number;
}
