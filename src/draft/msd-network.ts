import type { DraftConfig } from '../contracts/checkpoint.ts';
import type { DraftRows } from '../contracts/drafter.ts';
import { NonFiniteFeatureError } from '../contracts/errors.ts';
import type { DraftPositions } from '../contracts/load.ts';
import type { Rows } from '../contracts/rows.ts';
import { floatsOf, floatTensor, intsOf, intTensor, type Session } from '../contracts/session.ts';
import type { CacheRows } from '../contracts/target.ts';
import type { Candidates } from '../decode/grow-tree.ts';
import type { KvCache } from '../model/kv-cache.ts';
import { mropeRows } from '../model/mrope-rows.ts';
import { ropeOf } from '../model/rope-frequencies.ts';
import { rotaryRows } from '../model/rotary-rows.ts';
import { pastFeeds, rowFeeds } from '../model/row-feeds.ts';

/** Rows of one run of the draft's graph. */
interface DraftPass {
  readonly rows: DraftRows; // n of them
  readonly positions: Int32Array; // [n]
  /** As in a step of the target. */
  readonly sides?: { readonly height: Int32Array; readonly width: Int32Array }; // [n] each
  readonly bias: Float32Array; // [n, capacity + n]
  /** Rows whose candidates are wanted. */
  readonly heads: Int32Array; // [w]
  /** Candidates per wanted row; at most the draft's vocabulary is given. */
  readonly topK: number;
}

interface DraftPassResult {
  /** The feature that each row predicts: what the target's would be at the next position. */
  readonly hidden: Rows; // [n, H]
  readonly candidates: Candidates; // [w, k]
  /** Keys and values of the rows, not yet in the cache. */
  readonly cache: CacheRows;
}

/** A draft session with the host's part of a pass: rotary rows, cache, bias in; candidates out. */
export interface DraftNetwork {
  readonly config: DraftConfig;
  /** Where its rows stand. */
  readonly placing: DraftPositions;
  /** @throws NonFiniteFeatureError if a wanted row is not finite. */
  run(cache: KvCache, pass: DraftPass): Promise<DraftPassResult>;
}

const OUTPUTS = ['hidden', 'tokens', 'log_probs', 'keys', 'values'];

/**
 * The draft over a session built by `buildMsdDraft`.
 * @param placing `mrope` only for a draft with a `mropeSection`
 */
export function createDraftNetwork(
  session: Session,
  config: DraftConfig,
  placing: DraftPositions = 'published',
): DraftNetwork {
  const { hiddenSize, vocabSize } = config;
  const section = placing === 'mrope' ? config.mropeSection : undefined;
  const { frequencies, scale } = ropeOf(config);
  return {
    config,
    placing,
    async run(cache, { rows, positions, sides, bias, heads, topK }) {
      const n = rows.next.length;
      const k = Math.min(topK, config.headTokenIds?.length ?? vocabSize);
      const outputs = await session.run(
        {
          ...rowFeeds(withinTable(rows.next, vocabSize), rows.visual, hiddenSize),
          ...(section && sides
            ? mropeRows([positions, sides.height, sides.width], section, frequencies, scale)
            : rotaryRows(positions, frequencies, scale)),
          ...pastFeeds(cache),
          features: floatTensor(rows.features.data, [n, hiddenSize]),
          bias: floatTensor(bias, [n, cache.capacity + n]),
          heads: intTensor(heads),
          k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(k)) },
        },
        OUTPUTS,
      );
      const logProbs = finite(floatsOf(outputs, 'log_probs'));
      return {
        hidden: { data: floatsOf(outputs, 'hidden'), count: n, width: hiddenSize },
        candidates: { tokens: intsOf(outputs, 'tokens'), logProbs, rows: heads.length, k },
        cache: {
          keys: floatsOf(outputs, 'keys'),
          values: floatsOf(outputs, 'values'),
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

/** A row that is not finite has no distribution. Caught here, it never enters the cache, whose columns all count. */
function finite(logProbs: Float32Array): Float32Array {
  for (const value of logProbs) {
    if (Number.isNaN(value)) {
      throw new NonFiniteFeatureError(
        'The draft computed NaN or infinity; check its checkpoint, or use another drafter.',
      );
    }
  }
  return logProbs;
}
