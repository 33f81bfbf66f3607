import type { DraftConfig } from '../../src/contracts/checkpoint.ts';
import type { Drafter } from '../../src/contracts/drafter.ts';
import { floatsOf, type Session } from '../../src/contracts/session.ts';
import type { growTree } from '../../src/decode/grow-tree.ts';
import { buildMsdDraft } from '../../src/draft/msd-graph.ts';
import { createDraftNetwork, type DraftNetwork } from '../../src/draft/msd-network.ts';
import { createNetworkDrafter } from '../../src/draft/network-drafter.ts';
import { decoderOf } from '../../src/families/families.ts';
import { readDraft } from '../../src/families/read-draft.ts';
import { readTarget } from '../../src/families/read-target.ts';
import { BLOCK, ONES } from '../../src/graph/blocks/block-attention.ts';
import type { CachedText, CacheReading } from '../../src/model/block-cache.ts';
import type { OpenModel } from './lab.ts';

/** The trained draft with its inside in view. */
export interface WatchedDraft {
  readonly config: DraftConfig;
  /** A drafter over the watched network, which may choose its trees by another rule. */
  drafter(grow?: typeof growTree): Drafter;
  /** Input of the layer in the newest pass [n, H]. */
  layerInput(): Float32Array;
  /** The cache of the first text of the newest pass, cut to `length` rows: keys and values [kvHeads, length, headDim]. */
  cacheRows(length: number): { keys: Float32Array; values: Float32Array };
  dispose(): Promise<void>;
}

export async function openWatchedDraft({
  host,
  model,
  settings,
}: OpenModel): Promise<WatchedDraft> {
  const { config, tensors } = await readDraft(host.modelFolder(settings.draft as string));
  const { head } = decoderOf(await readTarget(host.modelFolder(settings.model)));
  const session = await host.openSession(buildMsdDraft(config, tensors, head, 'decoupled'));
  let layerInput = new Float32Array(0);
  let text: CachedText | undefined;
  const watched: Session = {
    ...session,
    async run(feeds, outputs) {
      const result = await session.run(feeds, [...outputs, 'layer_input']);
      layerInput = floatsOf(result, 'layer_input').slice();
      return result;
    },
  };
  const inner = createDraftNetwork(watched, config);
  const network: DraftNetwork = {
    ...inner,
    run(lanes, topK) {
      text = lanes[0]?.text;
      return inner.run(lanes, topK);
    },
  };
  return {
    config,
    drafter: (grow) => createNetworkDrafter('msd', network, model.target.read, grow),
    layerInput: () => layerInput,
    cacheRows(length) {
      if (text === undefined) throw new Error('the draft has not run');
      return columnsOf(inner.cache.read([text]), length, config);
    },
    dispose: () => session.dispose(),
  };
}

/** A text's columns, from its blocks and the open one behind them. */
function columnsOf(
  { blocksOf, openOf, opens, feeds }: CacheReading,
  length: number,
  { kvHeads, headDim }: Pick<DraftConfig, 'kvHeads' | 'headDim'>,
): { keys: Float32Array; values: Float32Array } {
  const read = feeds(opens, BLOCK);
  const full = [floatsOf(read, 'keys_0'), floatsOf(read, 'values_0')] as const;
  const open = [floatsOf(read, 'open_keys_0'), floatsOf(read, 'open_values_0')] as const;
  const whole = blocksOf[0] as readonly number[];
  const keys = new Float32Array(kvHeads * length * headDim);
  const values = new Float32Array(kvHeads * length * headDim);
  const deep = headDim + ONES;
  for (let column = 0; column < length; column += 1) {
    const found = whole[Math.floor(column / BLOCK)];
    const place = found ?? (openOf[0] as number);
    const [keyBlocks, valueBlocks] = found === undefined ? open : full;
    const at = column % BLOCK;
    for (let head = 0; head < kvHeads; head += 1) {
      for (let i = 0; i < headDim; i += 1) {
        const to = (head * length + column) * headDim + i;
        const block = place * kvHeads + head;
        // Keys are kept times headDim^-1/4, as queries are.
        keys[to] = (keyBlocks[(block * headDim + i) * BLOCK + at] as number) * headDim ** 0.25;
        values[to] = valueBlocks[(block * BLOCK + at) * deep + i] as number;
      }
    }
  }
  return { keys, values };
}
