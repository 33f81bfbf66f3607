/**
 * The error function, 2/√π · e^(-z²) · Σ 2ⁱ z^(2i+1) / (1 · 3 · … · (2i+1)) (Abramowitz and Stegun 7.1.6): all terms
 * have one sign, so that nothing cancels and the result is right to a few last digits.
 */
export function erf(z: number): number {
  if (Math.abs(z) > 6) return Math.sign(z);
  let [term, sum] = [z, z];
  for (let i = 1; Math.abs(term) > 1e-18 * Math.abs(sum); i++) {
    term *= (2 * z * z) / (2 * i + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
}
