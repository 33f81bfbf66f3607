import type { RopeScaling } from '../contracts/checkpoint.ts';
import { inverseFrequencies, type Rope } from './rotary-rows.ts';

export interface RopeSettings {
  readonly headDim: number;
  readonly ropeTheta: number;
  readonly ropeScaling?: RopeScaling;
}

type Scaled<T extends RopeScaling['type']> = Extract<RopeScaling, { type: T }>;

const { fround } = Math;

/**
 * Rotary frequencies of a decoder, in fp32 as Hugging Face computes them (transformers 4.57, modeling_rope_utils.py).
 * They are the same for every pass: a row's keys stay right however long the text gets.
 */
export function ropeOf({ headDim, ropeTheta, ropeScaling: scaling }: RopeSettings): Rope {
  const plain = inverseFrequencies(headDim, ropeTheta);
  switch (scaling?.type) {
    case undefined:
      return { frequencies: plain, scale: 1 };
    case 'linear':
      return { frequencies: plain.map((frequency) => frequency / scaling.factor), scale: 1 };
    case 'llama3':
      return { frequencies: plain.map((frequency) => llama3(frequency, scaling)), scale: 1 };
    case 'yarn':
      return { frequencies: yarn(plain, ropeTheta, scaling), scale: scaling.attentionFactor };
  }
}

/** Short waves stay, long ones are stretched by the factor, those between are blended. */
function llama3(
  frequency: number,
  { factor, lowFrequency, highFrequency, originalLength }: Scaled<'llama3'>,
): number {
  const wave = fround((2 * Math.PI) / frequency);
  if (wave < originalLength / highFrequency) return frequency;
  if (wave > originalLength / lowFrequency) return frequency / factor;
  const turns = fround(originalLength / wave);
  const kept = fround(fround(turns - lowFrequency) / (highFrequency - lowFrequency));
  return fround(fround((1 - kept) * frequency) / factor) + fround(kept * frequency);
}

/** YaRN (arXiv 2309.00071): as llama3, but blended along the dimensions of a head rather than the waves. */
function yarn(
  plain: Float32Array, // [headDim / 2]
  theta: number,
  { factor, originalLength, betaFast, betaSlow, truncate }: Scaled<'yarn'>,
): Float32Array {
  const headDim = 2 * plain.length;
  /** The dimension that turns so often within the original context. */
  const dimensionOf = (turns: number) =>
    (headDim * Math.log(originalLength / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const [first, last] = [dimensionOf(betaFast), dimensionOf(betaSlow)];
  const low = Math.max(truncate ? Math.floor(first) : first, 0);
  const high = Math.min(truncate ? Math.ceil(last) : last, headDim - 1);
  const width = high === low ? 0.001 : high - low;
  return plain.map((frequency, i) => {
    const stretched = fround(Math.min(Math.max((i - low) / width, 0), 1));
    return fround(frequency / factor) * stretched + frequency * (1 - stretched);
  });
}
