import { fieldError } from '../contracts/config-fields.ts';
import { CheckpointError } from '../contracts/errors.ts';
import type { ModelMetadata } from './model-metadata.ts';
import { shortestFloat } from './shortest-float.ts';

/** Hugging Face's `rope_scaling`, or null for plain rotary embeddings. */
export type RopeScaling = Readonly<Record<string, number | string>> | null;

/** What every published Llama 3.1 to 3.3 has beside its factor. */
const LLAMA3 = { low: 1, high: 4, context: 8192 };
const TOLERANCE = 1e-4; // of float32 frequencies computed in another order

/** The scaling that the metadata states, if any. */
export function statedScaling(path: string, { architecture, fields }: ModelMetadata): RopeScaling {
  const type = fields['rope.scaling.type'];
  const factor = fields['rope.scaling.factor'] ?? fields['rope.scale_linear'];
  const refuse = (field: string, expectation: string) =>
    fieldError(path, `${architecture}.rope.scaling.${field}`, undefined, expectation);
  if (type === 'none') return null;
  if (type === undefined && (factor === undefined || factor === 1)) return null;
  if (factor === undefined) throw refuse('factor', `scaling of type ${type} needs it`);
  if (type !== 'yarn') return { rope_type: 'linear', factor: shortestFloat(factor) };
  const original = fields['rope.scaling.original_context_length'];
  if (original === undefined) throw refuse('original_context_length', 'yarn needs it');
  const fast = fields['rope.scaling.yarn_beta_fast'];
  const slow = fields['rope.scaling.yarn_beta_slow'];
  return {
    rope_type: 'yarn',
    factor: shortestFloat(factor),
    original_max_position_embeddings: original,
    ...(fast !== undefined && { beta_fast: shortestFloat(fast) }),
    ...(slow !== undefined && { beta_slow: shortestFloat(slow) }),
  };
}

/**
 * The llama3 scaling behind a `rope_freqs.weight`, which divides each frequency (highest first) by one number.
 * @param divisors [headDim / 2]
 * @throws CheckpointError where they are not llama3's.
 */
export function llama3Scaling(
  path: string,
  divisors: Float32Array,
  base: number,
  original = LLAMA3.context,
): RopeScaling {
  const factor = Math.max(...divisors);
  const scaling = { ...LLAMA3, context: original, factor };
  const fits = divisors.every((divisor, i) => {
    const wanted = llama3Divisor(base ** (-i / divisors.length), scaling);
    return Math.abs(divisor - wanted) <= TOLERANCE * wanted;
  });
  if (!fits) {
    throw new CheckpointError(
      path,
      'rope_freqs.weight scales the frequencies in a way that is not Llama 3; this version can not state it in config.json.',
    );
  }
  if (divisors.every((divisor) => divisor === 1)) return null;
  return {
    rope_type: 'llama3',
    factor: shortestFloat(factor),
    low_freq_factor: LLAMA3.low,
    high_freq_factor: LLAMA3.high,
    original_max_position_embeddings: original,
  };
}

/** Long waves are stretched by `factor`, short ones stay, and between them it goes over smoothly (Llama 3.1). */
function llama3Divisor(
  frequency: number,
  { low, high, context, factor }: typeof LLAMA3 & { factor: number },
): number {
  const turns = (context * frequency) / (2 * Math.PI);
  if (turns > high) return 1;
  if (turns < low) return factor;
  const smooth = (turns - low) / (high - low);
  return 1 / ((1 - smooth) / factor + smooth);
}
