import type { TensorRef } from '../../contracts/checkpoint.ts';
import type { LoadSettings } from '../../contracts/load.ts';
import { buildMsdDraft } from '../../draft/msd-graph.ts';
import { familyOf } from '../../families/families.ts';
import type { TargetFiles } from '../../families/read-target.ts';
import type { Graph } from '../../graph/graph.ts';
import { buildLlama } from '../../model/llama.ts';
import type { DraftFiles, Host } from '../host.ts';

/**
 * A target and its draft, their matrices with 8-bit copies. Which matrices those are, and which lie side by side, the
 * graphs say: they are built once for that, which reads no weight.
 */
export async function inEightBits(
  host: Pick<Host, 'toEightBits'>,
  dirs: Pick<LoadSettings, 'model' | 'draft'>,
  files: TargetFiles,
  draft: DraftFiles | null,
): Promise<{ files: TargetFiles; draft: DraftFiles | null }> {
  const { config, tensors } = files;
  const family = familyOf(config);
  const weights = family.decoder(config, tensors);
  const tower = family.vision?.(config, tensors);
  const graphs = [...(tower === undefined ? [] : [tower]), buildLlama(config.decoder, weights)];
  const target = {
    ...files,
    tensors: await host.toEightBits(dirs.model, tensors, productsOf(graphs, tensors)),
  };
  if (draft === null || dirs.draft === null) return { files: target, draft: null };
  const drafting = buildMsdDraft(draft.config, draft.tensors, weights.head, 'decoupled');
  const own = productsOf([drafting], draft.tensors);
  return {
    files: target,
    draft: { ...draft, tensors: await host.toEightBits(dirs.draft, draft.tensors, own) },
  };
}

/** The products of matrices that are these tensors, each once. A convolution's weight is left as it is: it is small. */
function productsOf(
  graphs: readonly Graph[],
  tensors: ReadonlyMap<string, TensorRef>,
): (readonly TensorRef[])[] {
  const own = new Set(tensors.values());
  const seen = new Set<TensorRef>();
  return graphs
    .flatMap(({ products }) => products)
    .filter((matrices) => {
      const fresh = matrices.every(
        (ref) => own.has(ref) && ref.shape.length === 2 && !seen.has(ref),
      );
      if (fresh) for (const ref of matrices) seen.add(ref);
      return fresh;
    });
}
