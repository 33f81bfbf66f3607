/**
 * How likeness becomes scores beside those of ImageNet's classes: score = scale · likeness + offset, by logistic regression
 * on drawings whose artist's makers gave none of the means, and on photographs, which ImageNet's classes are to have.
 */

/** A view beside all that it may be called. */
export interface Weighed {
  /** Likeness to each concept. */
  readonly likeness: Float32Array;
  /** Which of them it is; undefined for a photograph. */
  readonly concept: number | undefined;
  /** Logarithm of the sum of exponentials of ImageNet's scores. */
  readonly classes: number;
  readonly weight: number;
}

export interface Calibration {
  readonly scale: number;
  readonly offset: number;
}

const ROUNDS = 100;

/** Gradient descent on two numbers, each step as far as the last ones agree (Adam). */
export function calibrate(views: readonly Weighed[]): Calibration & { readonly loss: number } {
  const total = views.reduce((sum, { weight }) => sum + weight, 0);
  let [logScale, offset, loss] = [Math.log(20), -5, 0];
  const [mean, square] = [
    [0, 0],
    [0, 0],
  ];
  for (let round = 1; round <= ROUNDS; round++) {
    const scale = Math.exp(logScale);
    const gradient = [0, 0];
    loss = 0;
    for (const view of views) {
      const { value, byScale, byOffset } = lossOf(view, scale, offset);
      loss += (view.weight * value) / total;
      gradient[0] = (gradient[0] as number) + (view.weight * byScale * scale) / total;
      gradient[1] = (gradient[1] as number) + (view.weight * byOffset) / total;
    }
    const rate = 0.2 * (1 - (round - 1) / ROUNDS);
    const steps = gradient.map((slope, at) => {
      mean[at] = 0.8 * (mean[at] as number) + 0.2 * slope;
      square[at] = 0.9 * (square[at] as number) + 0.1 * slope * slope;
      const [m, s] = [
        (mean[at] as number) / (1 - 0.8 ** round),
        (square[at] as number) / (1 - 0.9 ** round),
      ];
      return (rate * m) / (Math.sqrt(s) + 1e-12);
    });
    logScale -= steps[0] as number;
    offset -= 5 * (steps[1] as number);
  }
  return { scale: Math.exp(logScale), offset, loss };
}

/** Cross-entropy of a view and its slopes. */
export function lossOf({ likeness, concept, classes }: Weighed, scale: number, offset: number) {
  let most = classes;
  for (const value of likeness) most = Math.max(most, scale * value + offset);
  let [sum, liked] = [0, 0];
  for (const value of likeness) {
    const share = Math.exp(scale * value + offset - most);
    sum += share;
    liked += share * value;
  }
  const whole = sum + Math.exp(classes - most);
  const all = most + Math.log(whole);
  const [byOffset, byScale] = [sum / whole, liked / whole];
  if (concept === undefined) return { value: all - classes, byScale, byOffset };
  const own = likeness[concept] as number;
  return {
    value: all - (scale * own + offset),
    byScale: byScale - own,
    byOffset: byOffset - 1,
  };
}
