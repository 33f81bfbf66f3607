/** AdamW (Loshchilov and Hutter, 2019) as PyTorch computes it. */
export interface AdamSettings {
  readonly betas: readonly [number, number];
  readonly eps: number;
  /** Decoupled decay: a step of rate η first takes the share η · weightDecay from each weight. */
  readonly weightDecay: number;
}

/** Running means of a weight's gradient and of its square, each as long as the weight. */
export interface Moments {
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

/**
 * One step, in place.
 *
 * @param step counted from 1; both means are corrected for having begun at 0
 * @param clip factor on the gradient, from `clipFactor`
 */
export function adamStep(
  weight: Float32Array,
  gradient: Float32Array,
  { mean, square }: Moments,
  step: number,
  rate: number,
  clip: number,
  { betas: [beta1, beta2], eps, weightDecay }: AdamSettings,
): void {
  const [keep1, keep2] = [1 - beta1, 1 - beta2];
  const stride = rate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  const kept = 1 - rate * weightDecay;
  for (let i = 0; i < weight.length; i++) {
    const g = (gradient[i] as number) * clip;
    const m = (mean[i] as number) * beta1 + g * keep1;
    const v = (square[i] as number) * beta2 + g * g * keep2;
    mean[i] = m;
    square[i] = v;
    weight[i] = (weight[i] as number) * kept - (stride * m) / (Math.sqrt(v) * correction + eps);
  }
}
