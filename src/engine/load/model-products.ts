import type { Product, TargetConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { MODEL_PARTS, type ModelPart, type PartPrecisions } from '../../contracts/load.ts';
import { familyOf } from '../../families/families.ts';
import { layerProducts } from '../../model/decoder-layer.ts';

/** The products of a target's matrices, by the part of the model that they belong to. What is in none is read as stored. */
export function targetProducts(
  config: TargetConfig,
  tensors: ReadonlyMap<string, TensorRef>,
): Record<Exclude<ModelPart, 'draft'>, readonly Product[]> {
  const family = familyOf(config);
  const { layers, head } = family.decoder(config, tensors);
  return {
    decoder: layers.flatMap(layerProducts),
    head: [[head]],
    tower: family.visionProducts?.(config, tensors) ?? [],
  };
}

/** The parts that a model has: not each has a tower, or comes with a draft. */
export function partsOf(config: TargetConfig, withDraft: boolean): ModelPart[] {
  const has = { tower: familyOf(config).vision !== undefined, draft: withDraft };
  return MODEL_PARTS.filter((part) => part === 'decoder' || part === 'head' || has[part]);
}

export const precisionOf = (precisions: PartPrecisions | undefined, part: ModelPart) =>
  precisions?.[part] ?? 'fp32';
