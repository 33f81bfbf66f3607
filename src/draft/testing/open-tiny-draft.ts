import { readDraft } from '../../checkpoint/draft.ts';
import { readTargetConfig, selectTargetTensors } from '../../checkpoint/target-files.ts';
import { readTensorTable } from '../../checkpoint/tensor-table.ts';
import { TINY_DRAFT, TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { floatsOf, type Session } from '../../contracts/session.ts';
import { createSession } from '../../runtime/session.ts';
import { buildMsdDraft, type Fusion } from '../msd-graph.ts';
import { createDraftNetwork, type DraftNetwork } from '../msd-network.ts';

/** The tiny pair's draft, with what its newest pass computed in view. */
export interface TinyDraft {
  readonly network: DraftNetwork;
  /** The draft's own tensors. */
  readonly tensors: ReadonlyMap<string, TensorRef>;
  /** Input of the layer [n, H]. */
  layerInput(): Float32Array;
  /** Keys of the rows [kvHeads, headDim, n]. */
  keys(): Float32Array;
  dispose(): Promise<void>;
}

/** @param folder a draft of the tiny target */
export async function openTinyDraft(fusion: Fusion, folder = TINY_DRAFT): Promise<TinyDraft> {
  const target = await readTargetConfig(TINY_TARGET);
  const table = await readTensorTable(TINY_TARGET);
  const head = selectTargetTensors(table, target, TINY_TARGET).get('language_model.lm_head.weight');
  const { config, tensors } = await readDraft(folder);
  const graph = buildMsdDraft(config, tensors, head as TensorRef, fusion);
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  let [layerInput, keys] = [new Float32Array(0), new Float32Array(0)];
  const watched: Session = {
    async run(feeds, outputs) {
      const result = await session.run(feeds, [...outputs, 'layer_input']);
      layerInput = floatsOf(result, 'layer_input').slice();
      keys = floatsOf(result, 'keys').slice();
      return result;
    },
    dispose: () => session.dispose(),
  };
  return {
    network: createDraftNetwork(watched, config),
    tensors,
    layerInput: () => layerInput,
    keys: () => keys,
    dispose: () => session.dispose(),
  };
}
