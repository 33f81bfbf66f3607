/** n integers from `first` on: [first, first + 1, …] */
export function consecutive(n: number, first = 0): Int32Array {
  const numbers = new Int32Array(n);
  for (let i = 0; i < n; i++) numbers[i] = first + i;
  return numbers;
}
