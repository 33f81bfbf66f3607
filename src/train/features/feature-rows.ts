import { NonFiniteFeatureError } from '../../contracts/errors.ts';
import type { Rows, VisualRows } from '../../contracts/rows.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import { fromHalves, toHalves } from './float16.ts';

/** What the target makes of a dialogue. Shared by all who ask for it: not to be written to. */
export interface FeatureRows {
  /** The target's last hidden state after the final norm, at every position. */
  readonly features: Rows; // [n, H]
  /** Projected pictures at their placeholders; absent from a dialogue without pictures. */
  readonly visual?: VisualRows; // embeddings [m, H], slots [m]
}

/** Bytes that the numbers take. */
export function featureBytes({ features, visual }: FeatureRows): number {
  return features.data.byteLength + (visual?.embeddings.data.byteLength ?? 0);
}

/** Numbers of a dialogue: (n + m) · H. */
export function featureCount({ ids, spans }: TokenisedDialogue, width: number): number {
  return (ids.length + slotsOf(spans).length) * width;
}

/**
 * Feature rows as float16: features, then visual embeddings: [(n + m) · H].
 * @throws NonFiniteFeatureError if a number is larger than float16 holds.
 */
export function featuresToHalves({ features, visual }: FeatureRows): Uint16Array {
  const embeddings = visual?.embeddings.data ?? new Float32Array(0);
  const halves = new Uint16Array(features.data.length + embeddings.length);
  halves.set(toHalves(features.data));
  halves.set(toHalves(embeddings), features.data.length);
  if (halves.some((half) => (half & 0x7c00) === 0x7c00)) {
    throw new NonFiniteFeatureError(
      'A feature is larger than float16 holds (65504); train without the feature cache for this target.',
    );
  }
  return halves;
}

/** The way back; the dialogue and the target's hidden size tell the shapes. */
export function featuresFromHalves(
  halves: Uint16Array,
  { ids, spans }: Pick<TokenisedDialogue, 'ids' | 'spans'>,
  width: number,
): FeatureRows {
  const floats = fromHalves(halves);
  const count = ids.length;
  const slots = slotsOf(spans);
  const features = { data: floats.subarray(0, count * width), count, width };
  if (slots.length === 0) return { features };
  const embeddings = { data: floats.subarray(count * width), count: slots.length, width };
  return { features, visual: { embeddings, slots } };
}

/** Positions of all placeholders. */
function slotsOf(spans: TokenisedDialogue['spans']): Int32Array {
  return Int32Array.from(
    spans.flatMap(({ start, length }) => Array.from({ length }, (_, i) => start + i)),
  );
}
