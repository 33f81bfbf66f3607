import type { DraftConfig } from '../contracts/checkpoint.ts';
import type { DraftRows } from '../contracts/drafter.ts';
import type { Rows } from '../contracts/rows.ts';
import { floatsOf, floatTensor, intsOf, intTensor, type Session } from '../contracts/session.ts';
import type { CacheRows } from '../contracts/target.ts';
import type { Candidates } from '../decode/grow-tree.ts';
import type { KvCache } from '../model/kv-cache.ts';
import { inverseFrequencies, rotaryRows } from '../model/rotary-rows.ts';
import { pastFeeds, rowFeeds } from '../model/row-feeds.ts';

/** One run of the draft's graph. */
export interface DraftPass {
  readonly rows: DraftRows;
  readonly positions: Int32Array; // [n]
  readonly bias: Float32Array; // [n, capacity + n]
  /** Rows whose candidates are wanted. */
  readonly heads: Int32Array; // [w]
  readonly topK: number;
}

export interface DraftPassResult {
  readonly hidden: Rows; // [n, H]
  readonly candidates: Candidates; // [w, k]
  readonly cache: CacheRows;
}

/** A draft session with the host's part of a pass: rotary rows, cache, bias in; candidates out. */
export interface DraftNetwork {
  readonly config: DraftConfig;
  run(cache: KvCache, pass: DraftPass): Promise<DraftPassResult>;
}

export function createDraftNetwork(session: Session, config: DraftConfig): DraftNetwork {
  const frequencies = inverseFrequencies(config.headDim, config.ropeTheta);
  const outputs = ['hidden', 'tokens', 'log_probs', 'keys', 'values'];
  return {
    config,
    async run(cache, { rows, positions, bias, heads, topK }) {
      const n = rows.next.length;
      const k = Math.min(topK, config.vocabSize);
      const result = await session.run(
        {
          ...rowFeeds(withinTable(rows.next, config.vocabSize), rows.visual, config.hiddenSize),
          ...rotaryRows(positions, frequencies),
          ...pastFeeds(cache),
          features: floatTensor(rows.features.data, [n, config.hiddenSize]),
          bias: floatTensor(bias, [n, cache.capacity + n]),
          heads: intTensor(heads),
          k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(k)) },
        },
        outputs,
      );
      return {
        hidden: { data: floatsOf(result, 'hidden'), count: n, width: config.hiddenSize },
        candidates: {
          tokens: intsOf(result, 'tokens'),
          logProbs: floatsOf(result, 'log_probs'),
          rows: heads.length,
          k,
        },
        cache: {
          keys: floatsOf(result, 'keys'),
          values: floatsOf(result, 'values'),
          count: n,
          first: 0,
        },
      };
    },
  };
}

/** A draft's table may be shorter than the target's vocabulary: words beyond it are read as word 0. */
function withinTable(ids: Int32Array, vocabSize: number): Int32Array {
  return ids.every((id) => id < vocabSize) ? ids : ids.map((id) => (id < vocabSize ? id : 0));
}
