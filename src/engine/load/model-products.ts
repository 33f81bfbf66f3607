import {
  isInMemory,
  type Product,
  type TargetConfig,
  type TensorRef,
  type WeightRef,
} from '../../contracts/checkpoint.ts';
import { MODEL_PARTS, type ModelPart, type PartPrecisions } from '../../contracts/load.ts';
import { blockDraftProducts, blockDraftWeights } from '../../draft/block-parts.ts';
import { draftProducts } from '../../draft/msd-graph.ts';
import { familyOf } from '../../families/families.ts';
import type { DraftFiles } from '../../families/read-any-draft.ts';
import { layerProducts } from '../../model/decoder-layer.ts';

/** The products of a target's matrices, by the part of the model that they belong to. What is in none is read as stored. */
export function targetProducts(
  config: TargetConfig,
  tensors: ReadonlyMap<string, TensorRef>,
): Record<Exclude<ModelPart, 'draft'>, readonly Product[]> {
  const family = familyOf(config);
  const { layers, head } = family.decoder(config, tensors);
  return {
    decoder: inFiles(layers.flatMap((layer) => layerProducts(layer, config.decoder))),
    head: inFiles([{ matrices: [head] }]),
    tower: inFiles(family.visionProducts?.(config, tensors) ?? []),
  };
}

/** The products of a draft's own matrices. */
export const productsOfDraft = ({ config, tensors }: DraftFiles): readonly Product[] =>
  inFiles(
    'slots' in config
      ? blockDraftProducts(blockDraftWeights(tensors, config))
      : draftProducts(config, tensors),
  );

/** The products that can be converted. */
export const inFiles = (products: readonly Product<WeightRef>[]): Product[] =>
  products.filter((product): product is Product => !product.matrices.some(isInMemory));

/** The parts that a model has: not each has a tower, or comes with a draft. */
export function partsOf(config: TargetConfig, withDraft: boolean): ModelPart[] {
  const has = { tower: familyOf(config).vision !== undefined, draft: withDraft };
  return MODEL_PARTS.filter((part) => part === 'decoder' || part === 'head' || has[part]);
}

export const precisionOf = (precisions: PartPrecisions | undefined, part: ModelPart) =>
  precisions?.[part] ?? 'fp32';
