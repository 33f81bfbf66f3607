import { isBlockDtype, type Product } from '../../contracts/checkpoint.ts';
import { CheckpointError } from '../../contracts/errors.ts';
import {
  type ConvertedPrecision,
  type LoadSettings,
  MODEL_PARTS,
  type ModelPart,
} from '../../contracts/load.ts';
import type { DraftFiles } from '../../families/read-any-draft.ts';
import type { TargetFiles } from '../../families/read-target.ts';
import type { Host } from '../host.ts';
import { precisionOf, productsOfDraft, targetProducts } from './model-products.ts';

/**
 * A target and its draft, the matrices of each part in the form that its precision asks for.
 * @throws CheckpointError where that is fp32 and they lie in blocks, and what converting throws
 */
export async function convertParts(
  host: Pick<Host, 'convert'>,
  settings: Pick<LoadSettings, 'model' | 'draft' | 'precision'>,
  target: TargetFiles,
  draft: DraftFiles | null,
): Promise<{ files: TargetFiles; draft: DraftFiles | null }> {
  const converted = async <F extends TargetFiles | DraftFiles>(
    dir: string,
    files: F,
    products: ProductsByPart,
  ): Promise<F> => {
    const wanted = byForm(settings, products);
    if (wanted.size === 0) return files;
    return { ...files, tensors: await host.convert(dir, files.tensors, wanted) };
  };
  const { model, draft: draftDir } = settings;
  return {
    files: await converted(model, target, targetProducts(target.config, target.tensors)),
    draft:
      draft === null || draftDir === null
        ? null
        : await converted(draftDir, draft, {
            draft: productsOfDraft(draft),
          }),
  };
}

type ProductsByPart = { readonly [Part in ModelPart]?: readonly Product[] };

/** What is to be converted, parts of one form together. */
function byForm(
  { precision }: Pick<LoadSettings, 'precision'>,
  products: ProductsByPart,
): Map<ConvertedPrecision, readonly Product[]> {
  const wanted = new Map<ConvertedPrecision, readonly Product[]>();
  for (const part of MODEL_PARTS) {
    const form = precisionOf(precision, part);
    const own = products[part] ?? [];
    if (form === 'fp32') requireWide(part, own);
    if (form !== 'fp32' && own.length > 0) wanted.set(form, [...(wanted.get(form) ?? []), ...own]);
  }
  return wanted;
}

/** Blocks are widened when they are converted. */
function requireWide(part: ModelPart, products: readonly Product[]): void {
  const inBlocks = products
    .flatMap(({ matrices }) => matrices)
    .find(({ dtype }) => isBlockDtype(dtype));
  if (inBlocks === undefined) return;
  const problem = `matrices of the ${part} lie in blocks (${inBlocks.dtype}), which are not read in fp32; export the folder as F32 for that.`;
  throw new CheckpointError(inBlocks.path, problem, {
    remedy: { kind: 'use-option', option: 'precision', values: ['w8a8', 'int4'] },
  });
}
