import type { BlockDraftConfig } from '../contracts/block-draft.ts';
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
import type { BlockGuess } from '../decode/best-first.ts';
import { onAllAxes } from '../decode/draft-rows.ts';
import {
  type BlockCache,
  type CachedText,
  type CacheRows,
  createBlockCache,
} from '../model/block-cache.ts';
import { consecutive } from '../model/consecutive.ts';
import { lacksCompany } from '../model/lane-groups.ts';
import { ropeOf } from '../model/rope-frequencies.ts';
import { turnedRows } from '../model/rotary-rows.ts';
import { rowFeeds } from '../model/row-feeds.ts';
import { type SlotLane, slotLaneFeeds } from '../model/slot-lanes.ts';
import { candidateCount } from './block-graph.ts';
import { draftNotFinite } from './draft-not-finite.ts';
import { joinDraftRows } from './join-draft-rows.ts';

/** New rows of one text in a run of the graph, and whether its next tokens are to be guessed. */
export interface BlockLane {
  readonly text: CachedText;
  readonly features: Rows; // [n, H]
  readonly visual?: VisualRows;
  readonly positions: AxisPositions; // [n] each
  /** The root and its rotary position. At most `BLOCK` new rows stand before it. */
  readonly guess?: { readonly root: number; readonly position: number };
}

interface BlockLaneResult {
  readonly guess: BlockGuess | null;
  /** Keys and values of the whole pass, and where the lane's rows begin among them. */
  readonly columns: CacheRows;
  readonly first: number;
}

/** A block draft's session with the host's part of a pass. */
export interface BlockDraftNetwork {
  readonly config: BlockDraftConfig;
  readonly cache: BlockCache;
  /**
   * One pass over new rows and guesses of any number of texts.
   * @throws NonFiniteFeatureError if a new row, or what is said behind it, is not finite
   */
  run(lanes: readonly BlockLane[]): Promise<BlockLaneResult[]>;
}

const SAID = ['tokens', 'log_probs', 'biases', 'root_confidence', 'confidences'];
const OUTPUTS = [...SAID, 'keys', 'values'];

/** The draft over a session built by `buildBlockDraft`. */
export function createBlockDraftNetwork(
  session: Session,
  config: BlockDraftConfig,
): BlockDraftNetwork {
  const { slots, layers } = config;
  const cache = createBlockCache(config);
  const rope = ropeOf(config);
  const k = candidateCount(config);
  return {
    config,
    cache,
    async run(lanes) {
      const firsts = lanes.map((_, at) => sum(lanes.slice(0, at).map(rowsOf)));
      const asking = lanes.flatMap(({ text, features, guess }, at) =>
        guess ? [{ text, ...guess, fresh: features.count, first: firsts[at] as number }] : [],
      );
      // Where nobody asks, or a slot would be alone, the first text does, and is not heard: the graph always has slots.
      const [some] = lanes;
      const slotRows = () => asking.length * slots;
      while (some !== undefined && lacksCompany(slotRows())) {
        asking.push({ text: some.text, root: 0, position: 0, fresh: 0, first: 0 });
      }
      const rows = joinDraftRows(lanes, config.hiddenSize, slotRows());
      const reading = cache.read(asking.map(({ text }) => text));
      const mapped = asking.map(
        ({ text, fresh, first }): SlotLane => ({ length: text.length, fresh, first }),
      );
      const turned = turnedRows(rows.positions, config, rope);
      const places = asking.flatMap(({ position }) => [...consecutive(slots, position)]);
      const slotTurned = turnedRows(onAllAxes(Int32Array.from(places)), config, rope);
      const feeds: Record<string, Tensor> = Object.assign(
        slotLaneFeeds(mapped, reading, config, slots, rows.count),
        config.fusion === 'decoupled' && visualFeeds(rows, config.hiddenSize),
        {
          ...turned,
          slot_cos: slotTurned.cos,
          slot_sin: slotTurned.sin,
          features: floatTensor(rows.features, [rows.count, config.hiddenSize]),
          roots: intTensor(Int32Array.from(asking, ({ root }) => root)),
          slot_order: intTensor(slotOrder(asking.length, slots)),
        },
      );
      const outputs = await session.run(feeds, OUTPUTS);
      const columns = {
        keys: floatsOf(outputs, 'keys'),
        values: floatsOf(outputs, 'values'),
        count: rows.count + slotRows(),
      };
      const read = sum(lanes.map(rowsOf));
      requireFinite(columns, layers, read);
      let next = 0;
      return lanes.map(({ guess }, at) => ({
        guess: guess === undefined ? null : guessAt(outputs, next++, slots, k),
        columns,
        first: firsts[at] as number,
      }));
    },
  };
}

function visualFeeds(
  { count, visual }: { readonly count: number; readonly visual?: VisualRows },
  hiddenSize: number,
): Record<string, Tensor> {
  const feeds = rowFeeds(new Int32Array(count), visual, hiddenSize);
  return { visual: feeds.visual, order: feeds.order };
}

/** A root in the first slot of each text, the mask in the others: places among the roots and the mask behind them. */
const slotOrder = (texts: number, slots: number): Int32Array =>
  Int32Array.from({ length: texts * slots }, (_, at) => (at % slots === 0 ? at / slots : texts));

function guessAt(
  outputs: Readonly<Record<string, Tensor>>,
  at: number,
  slots: number,
  k: number,
): BlockGuess {
  const of = <T extends Float32Array | Int32Array>(data: T, size: number) =>
    data.subarray(at * size, (at + 1) * size) as T;
  return {
    slots,
    k,
    tokens: of(intsOf(outputs, 'tokens'), slots * k),
    logProbs: finite(of(floatsOf(outputs, 'log_probs'), slots * k)),
    biases: finite(of(floatsOf(outputs, 'biases'), (slots - 1) * k * k)),
    rootConfidence: finite(of(floatsOf(outputs, 'root_confidence'), 1))[0] as number,
    confidences: finite(of(floatsOf(outputs, 'confidences'), (slots - 1) * k)),
  };
}

/** A row that is not finite never enters the cache, whose columns all count. */
function requireFinite({ keys, values, count }: CacheRows, layers: number, read: number): void {
  const width = keys.length / (layers * count);
  for (let layer = 0; layer < layers; layer++) {
    const from = layer * count * width;
    finite(keys.subarray(from, from + read * width));
    finite(values.subarray(from, from + read * width));
  }
}

function finite(numbers: Float32Array): Float32Array {
  for (const number of numbers) {
    if (!Number.isFinite(number)) throw draftNotFinite();
  }
  return numbers;
}

const rowsOf = ({ features }: BlockLane): number => features.count;

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0);
