import { uniform } from '../../decode/uniform.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import { storedShapes } from '../../families/llava-parts/llava-tensors.ts';

/** Spread of the decoder's, the projector's and the tables' weights (transformers' `initializer_range`). */
const SPREAD = 0.02;

/**
 * A target before training, as transformers 4.57 begins one: norms 1, biases 0, normal weights, of the tower with
 * spreads by its width and depth (CLIP's `_init_weights`).
 */
export function* initialTarget(
  config: LlavaConfig,
  seed: number,
): Generator<{ name: string; shape: readonly number[]; data: Float32Array }> {
  let drawn = 0;
  for (const [name, shape] of storedShapes(config)) {
    const data = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
    const spread = spreadOf(name, config);
    if (/norm\d?\.weight$/.test(name) || name.endsWith('layrnorm.weight')) data.fill(1);
    else if (!name.endsWith('.bias')) {
      for (let i = 0; i < data.length; i++) data[i] = spread * normal(seed, drawn++);
    }
    yield { name, shape, data };
  }
}

function spreadOf(name: string, { vision }: LlavaConfig): number {
  const { hiddenSize: h, layers } = vision;
  if (!name.startsWith('vision_tower.')) return SPREAD;
  if (name.endsWith('class_embedding')) return h ** -0.5;
  if (name.includes('.embeddings.')) return SPREAD;
  if (name.includes('.out_proj.')) return h ** -0.5;
  if (name.includes('.fc1.')) return (2 * h) ** -0.5;
  return h ** -0.5 * (2 * layers) ** -0.5; // q, k, v and fc2
}

/** A normal number (Box and Muller) that (seed, index) decides. */
function normal(seed: number, index: number): number {
  const [u, v] = [uniform(seed, 2 * index), uniform(seed, 2 * index + 1)];
  return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
}
