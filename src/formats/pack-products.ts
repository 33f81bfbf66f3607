import { type FormMark, markOf, packingOf } from './forms/forms.ts';
import { matrixRows } from './matrix-rows.ts';
import type { ConversionPlan, PlannedProduct } from './plan-conversion.ts';

/** A product of a plan, and what its form has to be to be packed alike. */
export interface PackedProduct {
  readonly kind: ConversionPlan['kind'];
  readonly version: FormMark['version'];
  readonly planned: PlannedProduct;
}

/**
 * The bytes of a plan's products, one after the other. A piece lasts until the next is asked for.
 * @throws NonFiniteWeightError, CheckpointError where a file can't be read
 */
export type PackProducts = (plan: ConversionPlan) => AsyncIterable<Uint8Array>;

export const packProducts: PackProducts = async function* ({ kind, products }) {
  for (const planned of products) yield* packProduct({ kind, planned });
};

/** The bytes of one product. A piece lasts until the next is asked for. */
export function packProduct({
  kind,
  planned: { product, layout },
}: Pick<PackedProduct, 'kind' | 'planned'>): AsyncIterable<Uint8Array> {
  return packingOf(kind).pack(product, layout, matrixRows);
}

export const bytesOfProduct = ({ parts }: PlannedProduct): number =>
  Object.values(parts).reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * The bytes of one product, in memory of their own.
 * @throws RangeError where the form is of another version here
 */
export async function packWhole(job: PackedProduct): Promise<Uint8Array> {
  const { version } = markOf(job.kind);
  if (version !== job.version) throw new RangeError(`Version ${version} packs otherwise.`);
  const whole = new Uint8Array(bytesOfProduct(job.planned));
  let done = 0;
  for await (const piece of packProduct(job)) {
    whole.set(piece, done);
    done += piece.length;
  }
  return whole;
}
