/** The shortest decimal that is the same float32: 9.999999747378752e-6 is 0.00001. */
export function shortestFloat(value: number): number {
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}
