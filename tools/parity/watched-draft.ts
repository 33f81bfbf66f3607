import type { DraftConfig } from '../../src/contracts/checkpoint.ts';
import type { Drafter } from '../../src/contracts/drafter.ts';
import { floatsOf, type Session } from '../../src/contracts/session.ts';
import type { growTree } from '../../src/decode/grow-tree.ts';
import { createMsdDrafter } from '../../src/draft/msd.ts';
import { buildMsdDraft } from '../../src/draft/msd-graph.ts';
import { createDraftNetwork, type DraftNetwork } from '../../src/draft/msd-network.ts';
import { decoderOf } from '../../src/families/families.ts';
import { readTarget } from '../../src/families/read-target.ts';
import type { KvCache } from '../../src/model/kv-cache.ts';
import type { OpenModel } from './lab.ts';

/** The trained draft with its inside in view. */
export interface WatchedDraft {
  readonly config: DraftConfig;
  /** A drafter over the watched network, which may choose its trees by another rule. */
  drafter(grow?: typeof growTree): Drafter;
  /** Input of the layer in the newest pass [n, H]. */
  layerInput(): Float32Array;
  /** The cache of the newest pass, cut to `length` rows: keys and values [kvHeads, length, headDim]. */
  cacheRows(length: number): { keys: Float32Array; values: Float32Array };
  dispose(): Promise<void>;
}

export async function openWatchedDraft({
  host,
  model,
  settings,
}: OpenModel): Promise<WatchedDraft> {
  const { config, tensors } = await host.readDraft(settings.draft as string, model.files.config);
  const { head } = decoderOf(await readTarget(host.modelFolder(settings.model)));
  const session = await host.openSession(buildMsdDraft(config, tensors, head, 'decoupled'));
  let layerInput = new Float32Array(0);
  let cache: KvCache | undefined;
  const watched: Session = {
    async run(feeds, outputs) {
      const result = await session.run(feeds, [...outputs, 'layer_input']);
      layerInput = floatsOf(result, 'layer_input').slice();
      return result;
    },
    dispose: () => session.dispose(),
  };
  const inner = createDraftNetwork(watched, config);
  const network: DraftNetwork = {
    config,
    placing: inner.placing,
    run(used, pass) {
      cache = used;
      return inner.run(used, pass);
    },
  };
  return {
    config,
    drafter: (grow) => createMsdDrafter('msd', network, grow),
    layerInput: () => layerInput,
    cacheRows(length) {
      const layer = cache?.layers[0];
      if (cache === undefined || layer === undefined) throw new Error('the draft has not run');
      const { kvHeads, headDim } = config;
      const { capacity } = cache;
      const keys = new Float32Array(kvHeads * length * headDim);
      const values = new Float32Array(kvHeads * length * headDim);
      for (let head = 0; head < kvHeads; head += 1) {
        for (let row = 0; row < length; row += 1) {
          for (let i = 0; i < headDim; i += 1) {
            const at = (head * length + row) * headDim + i;
            keys[at] = layer.keys.data[(head * headDim + i) * capacity + row] as number;
            values[at] = layer.values.data[(head * capacity + row) * headDim + i] as number;
          }
        }
      }
      return { keys, values };
    },
    dispose: () => session.dispose(),
  };
}
