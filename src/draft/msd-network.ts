import type { DraftConfig } from '../contracts/checkpoint.ts';
import type { DraftPositions } from '../contracts/load.ts';
import type { AxisPositions } from '../contracts/messages.ts';
import type { Rows, VisualRows } from '../contracts/rows.ts';
import {
  floatsOf,
  floatTensor,
  intsOf,
  intTensor,
  type Session,
  type Tensor,
} from '../contracts/session.ts';
import type { Candidates } from '../decode/grow-tree.ts';
import {
  type BlockCache,
  type CachedText,
  type CacheRows,
  createBlockCache,
} from '../model/block-cache.ts';
import { joinInts } from '../model/join-rows.ts';
import { inCompany } from '../model/lane-groups.ts';
import { type LaneRows, laneFeeds } from '../model/lane-map.ts';
import { ropeOf } from '../model/rope-frequencies.ts';
import { turnedRows } from '../model/rotary-rows.ts';
import { rowFeeds } from '../model/row-feeds.ts';
import { draftNotFinite } from './draft-not-finite.ts';
import { joinDraftRows } from './join-draft-rows.ts';
import { NO_PENDING, type PendingRows, pendingColumns, pendingFeeds } from './pending-rows.ts';

/** Rows of one text in a run of the draft's graph. */
export interface DraftLane {
  readonly text: CachedText;
  readonly next: Int32Array; // [n]
  readonly features: Rows; // [n, H]
  readonly visual?: VisualRows;
  readonly positions: AxisPositions; // [n] each
  readonly parents: Int32Array; // [n]
  /** Rows of the tree that earlier passes computed, and which of them each row sees. */
  readonly pending?: { readonly rows: PendingRows; readonly sees: readonly (readonly number[])[] };
  /** Rows whose candidates are wanted. */
  readonly heads: Int32Array; // [w]
}

export interface DraftLaneResult {
  /** The feature that each row predicts: what the target's would be at the next position. */
  readonly hidden: Rows; // [n, H]
  readonly candidates: Candidates; // [w, k]
  /** Keys and values of the whole pass, and where the lane's rows begin among them. */
  readonly columns: CacheRows;
  readonly first: number;
}

/** A draft session with the host's part of a pass: rotary rows, cache, bias in; candidates out. */
export interface DraftNetwork {
  readonly config: DraftConfig;
  /** Where its rows stand. */
  readonly placing: DraftPositions;
  readonly cache: BlockCache;
  /**
   * One pass over rows of any number of texts.
   * @param topK candidates per wanted row; at most the draft's vocabulary is given
   * @throws NonFiniteFeatureError if a wanted row is not finite.
   */
  run(lanes: readonly DraftLane[], topK: number): Promise<DraftLaneResult[]>;
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
  const turned = { headDim: config.headDim, ...(placing === 'mrope' && pick(config)) };
  const rope = ropeOf(config);
  const cache = createBlockCache({ layers: 1, kvHeads: config.kvHeads, headDim: config.headDim });
  return {
    config,
    placing,
    cache,
    async run(lanes, topK) {
      const k = Math.min(topK, config.headTokenIds?.length ?? vocabSize);
      const rows = joinLanes(lanes, hiddenSize);
      const n = rows.next.length;
      const reading = cache.read(lanes.map(({ text }) => text));
      const laneRows = lanes.map(
        ({ text, parents, pending }): LaneRows => ({
          length: text.length,
          parents,
          ...(pending && { pending: pending.sees }),
        }),
      );
      const pending = lanes.map((lane) => lane.pending?.rows ?? NO_PENDING);
      const columns = pendingColumns(pending);
      const shape = { layers: 1, ...config };
      const mapped = laneFeeds(laneRows, reading, shape, config.heads, n, columns);
      const tails = mapped.tail_lane?.shape[0] ?? 0;
      const feeds: Record<string, Tensor> = Object.assign(
        mapped,
        rowFeeds(withinTable(rows.next, vocabSize), rows.visual, hiddenSize),
        turnedRows(rows.positions, turned, rope),
        pendingFeeds(pending, columns, reading.openOf, tails, config),
        {
          features: floatTensor(rows.features, [n, hiddenSize]),
          heads: intTensor(rows.heads),
          k: { dtype: 'int64', shape: [1], data: BigInt64Array.of(BigInt(k)) },
        },
      );
      const outputs = await session.run(feeds, OUTPUTS);
      const [hidden, tokens] = [floatsOf(outputs, 'hidden'), intsOf(outputs, 'tokens')];
      const logProbs = floatsOf(outputs, 'log_probs');
      const computed = {
        keys: floatsOf(outputs, 'keys'),
        values: floatsOf(outputs, 'values'),
        count: n,
      };
      let [first, head] = [0, 0];
      return lanes.map(({ next, heads }) => {
        const [row, w] = [first, heads.length];
        const [from, to] = [head * k, (head + w) * k];
        first += next.length;
        head += w;
        const data = hidden.subarray(row * hiddenSize, first * hiddenSize);
        return {
          hidden: { data, count: next.length, width: hiddenSize },
          candidates: {
            tokens: tokens.subarray(from, to),
            logProbs: finite(logProbs.subarray(from, to)),
            rows: w,
            k,
          },
          columns: computed,
          first: row,
        };
      });
    },
  };
}

/** The rows of all lanes as those of one pass, none alone. */
function joinLanes(lanes: readonly DraftLane[], hiddenSize: number) {
  const heads: number[] = [];
  let n = 0;
  for (const lane of lanes) {
    for (const head of lane.heads) heads.push(n + head);
    n += lane.next.length;
  }
  const rows = joinDraftRows(lanes, hiddenSize);
  const next = joinInts([...lanes.map((lane) => lane.next), new Int32Array(rows.missing)]);
  return { ...rows, next, heads: inCompany(heads) };
}

const pick = ({ mropeSection }: DraftConfig) => mropeSection && { mropeSection };

/** A draft's table may be shorter than the target's vocabulary: words beyond it are read as word 0. */
function withinTable(ids: Int32Array, vocabSize: number): Int32Array {
  return ids.every((id) => id < vocabSize) ? ids : ids.map((id) => (id < vocabSize ? id : 0));
}

/** A row that is not finite has no distribution. Caught here, it never enters the cache, whose columns all count. */
function finite(logProbs: Float32Array): Float32Array {
  for (const value of logProbs) {
    if (Number.isNaN(value)) throw draftNotFinite();
  }
  return logProbs;
}
