import { modelFolder } from '../../checkpoint/model-folder.ts';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { floatsOf, type Session, type Tensor } from '../../contracts/session.ts';
import { familyOf, selectTargetTensors } from '../../families/families.ts';
import { readDraft } from '../../families/read-draft.ts';
import { readTargetConfig } from '../../families/read-target.ts';
import { createSession } from '../../runtime/session.ts';
import { buildMsdDraft, type Fusion } from '../msd-graph.ts';
import { createDraftNetwork, type DraftNetwork } from '../msd-network.ts';

/** A draft with what its newest pass computed in view. */
export interface WatchedDraft {
  readonly network: DraftNetwork;
  /** The draft's own tensors. */
  readonly tensors: ReadonlyMap<string, TensorRef>;
  /** Input of the layer [n, H]. */
  layerInput(): Float32Array;
  /** Keys of the rows [n, kvHeads, headDim]. */
  keys(): Float32Array;
  /** All that the newest pass gave, by the names of `buildMsdDraft`. */
  outputs(): Readonly<Record<string, Tensor>>;
  dispose(): Promise<void>;
}

/** @param dirs folders of a draft and of its target, whose head it speaks through */
export async function openWatchedDraft(
  dirs: { readonly target: string; readonly draft: string },
  fusion: Fusion,
): Promise<WatchedDraft> {
  const target = await readTargetConfig(modelFolder(dirs.target));
  const table = await readTensorTable(dirs.target);
  const { head } = familyOf(target).decoder(
    target,
    selectTargetTensors(table, target, dirs.target),
  );
  const { config, tensors } = await readDraft(modelFolder(dirs.draft));
  const graph = buildMsdDraft(config, tensors, head, fusion);
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  let newest: Readonly<Record<string, Tensor>> = {};
  const watched: Session = {
    async run(feeds, outputs) {
      const result = await session.run(feeds, [...outputs, 'layer_input']);
      newest = Object.fromEntries(
        Object.entries(result).map(([name, { data, ...rest }]) => [
          name,
          { ...rest, data: data.slice() },
        ]),
      );
      return result;
    },
    dispose: () => session.dispose(),
  };
  return {
    network: createDraftNetwork(watched, config),
    tensors,
    layerInput: () => floatsOf(newest, 'layer_input'),
    keys: () => floatsOf(newest, 'keys'),
    outputs: () => newest,
    dispose: () => session.dispose(),
  };
}
