import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import { DisposedError, NonFiniteFeatureError } from '../../contracts/errors.ts';
import type { Rows } from '../../contracts/rows.ts';
import { floatsOf, intsOf, intTensor, type Session, type Tensor } from '../../contracts/session.ts';
import type { Forward, RowsRef, Sequence, Step, Target } from '../../contracts/target.ts';
import {
  type BlockCache,
  type CachedText,
  type CacheRows,
  createBlockCache,
} from '../../model/block-cache.ts';
import { joinInts, joinPositions, joinVisualRows } from '../../model/join-rows.ts';
import { companionRows, inCompany } from '../../model/lane-groups.ts';
import { laneFeeds } from '../../model/lane-map.ts';
import { likelyTokens } from '../../model/llama.ts';
import { ropeOf } from '../../model/rope-frequencies.ts';
import { turnedRows } from '../../model/rotary-rows.ts';
import { rowFeeds } from '../../model/row-feeds.ts';
import {
  createTextPositions,
  highestPositions,
  type TextPositions,
} from '../../model/text-positions.ts';
import { createPassQueue, type PassQueue } from './pass-queue.ts';

/** What a pass leaves behind of one step. */
interface StepRows {
  readonly features: Rows; // [n, H]
  /** Highest rotary position of each row, on any axis. */
  readonly positions: Int32Array; // [n]
  /** The first of the step's rows among those of the pass. */
  readonly first: number;
}

/** A sequence's part of the cache, and what its newest pass computed, until it is committed. */
interface Held {
  text: CachedText | undefined;
  newest: { readonly rows: RowsRef; readonly columns: CacheRows } | undefined;
}

/**
 * The target over a decoder session built by `buildLlama`. Passes that are asked for at once run one after the other, and
 * sequences change between them, though they count their rows at once.
 */
export function createTarget(
  session: Session,
  config: DecoderConfig,
  cache: BlockCache = createBlockCache(config),
): Target {
  const rope = ropeOf(config);
  const queue = createPassQueue();
  const sequences = new WeakMap<Sequence, Held>();
  const computed = new WeakMap<RowsRef, StepRows>();

  const heldOf = (sequence: Sequence): Held => {
    const held = sequences.get(sequence);
    if (held === undefined) throw new DisposedError('sequence');
    return held;
  };
  const opened = (open: () => CachedText, committed = createTextPositions()): Sequence => {
    const held: Held = { text: undefined, newest: undefined };
    queue.change(() => {
      held.text = open();
    });
    const copy = (length: number) =>
      opened(() => cache.copy(held.text as CachedText, length), committed.copy(length));
    const join = (other: Sequence, length: number) => {
      const joined = heldOf(other);
      queue.change(() => cache.join(held.text as CachedText, joined.text as CachedText, length));
    };
    const forget = () => sequences.delete(sequence);
    const sequence = sequenceOver(held, committed, rowsOf, queue, { copy, join, forget });
    sequences.set(sequence, held);
    return sequence;
  };
  const rowsOf = (rows: RowsRef): StepRows => {
    const found = computed.get(rows);
    if (found === undefined) throw new RangeError('The rows are of another target.');
    return found;
  };
  const run = async (steps: readonly Step[]): Promise<Forward[]> => {
    const held = steps.map(({ sequence }) => heldOf(sequence));
    for (const one of held) one.newest = undefined;
    const texts = held.map(({ text }) => text as CachedText);
    const outputs = await session.run(
      passFeeds(steps, texts, cache, config, rope),
      steps.some(({ want }) => want === 'logits') ? [...OUTPUTS, 'logits'] : OUTPUTS,
    );
    const columns = columnsOf(outputs, config);
    return stepForwards(steps, outputs, config, (index, rows, kept) => {
      computed.set(rows, kept);
      (held[index] as Held).newest = { rows, columns };
    });
  };
  return {
    hiddenSize: config.hiddenSize,
    vocabSize: config.vocabSize,
    contextLength: config.contextLength,
    open: () => opened(cache.open),
    columns: (some) => cache.columns(some.flatMap((one) => heldOf(one).text ?? [])),
    forward: (steps) => queue.pass(() => run(steps)),
    async read(rows, at) {
      const { features } = rowsOf(rows);
      return at === undefined ? features : chosenRows(features, at);
    },
  };
}

const OUTPUTS = ['features', 'likely_ids', 'likely_logits', 'keys', 'values'];

/** All that one pass over the rows of these steps is fed. */
function passFeeds(
  steps: readonly Step[],
  texts: readonly CachedText[],
  cache: BlockCache,
  config: DecoderConfig,
  rope: ReturnType<typeof ropeOf>,
): Record<string, Tensor> {
  const lanes = steps.map(({ parents }, lane) => ({
    length: (texts[lane] as CachedText).length,
    parents,
  }));
  const ids = joinInts(steps.map((step) => step.ids));
  const padding = companionRows(ids.length) - ids.length;
  const padded = padding === 0 ? ids : joinInts([ids, new Int32Array(padding)]);
  const positions = joinPositions(
    steps.map((step) => step.positions),
    padding,
  );
  const visual = joinVisualRows(
    steps.map((step) => ({ rows: step.ids.length, visual: step.visual })),
  );
  return Object.assign(
    laneFeeds(lanes, cache.read(texts), config, config.heads, ids.length + padding),
    rowFeeds(padded, visual, config.hiddenSize),
    turnedRows(positions, config, rope),
    { heads: intTensor(headRows(steps)) },
  );
}

/** Rows of the pass whose logits are wanted, none alone. */
function headRows(steps: readonly Step[]): Int32Array {
  const rows: number[] = [];
  let first = 0;
  for (const { heads, ids } of steps) {
    for (const head of heads) rows.push(first + head);
    first += ids.length;
  }
  return inCompany(rows);
}

function columnsOf(
  outputs: Readonly<Record<string, Tensor>>,
  { layers }: DecoderConfig,
): CacheRows {
  const keys = floatsOf(outputs, 'keys');
  const count = (outputs.keys?.shape[0] ?? 0) / layers;
  return { keys, values: floatsOf(outputs, 'values'), count };
}

/** Cuts the outputs of a pass into one Forward per step. */
function stepForwards(
  steps: readonly Step[],
  outputs: Readonly<Record<string, Tensor>>,
  config: DecoderConfig,
  keep: (step: number, rows: RowsRef, kept: StepRows) => void,
): Forward[] {
  const features = floatsOf(outputs, 'features');
  const { hiddenSize, vocabSize } = config;
  const [ids, values] = [intsOf(outputs, 'likely_ids'), floatsOf(outputs, 'likely_logits')];
  const each = likelyTokens(config);
  const logits = outputs.logits === undefined ? undefined : floatsOf(outputs, 'logits');
  let [row, head] = [0, 0];
  return steps.map(({ ids: tokens, heads, want, positions }, step) => {
    const [first, firstHead] = [row, head];
    row += tokens.length;
    head += heads.length;
    const shared = cut(features, first, row, hiddenSize);
    // A text that is kept with rows that its draft has not read keeps none of the others' of the pass.
    const own = steps.length === 1 ? shared : { ...shared, data: shared.data.slice() };
    const rows: RowsRef = { count: tokens.length };
    keep(step, rows, { features: own, positions: highestPositions(positions), first });
    return {
      best: Int32Array.from(heads, (_, i) => ids[(firstHead + i) * each] as number),
      likely: {
        ids: ids.subarray(firstHead * each, head * each),
        logits: values.subarray(firstHead * each, head * each),
        each,
      },
      ...(want === 'logits' && logits && { logits: cut(logits, firstHead, head, vocabSize) }),
      rows,
      ...(!allFinite(own) && { fault: new NonFiniteFeatureError(BROKEN) }),
    };
  });
}

const BROKEN =
  'The model computed NaN or infinity; its weights or this precision are unusable for this prompt.';

/** NaN and infinity spread over a row, so its sum tells. */
function allFinite({ data }: Rows): boolean {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] as number;
  return Number.isFinite(sum);
}

function sequenceOver(
  held: Held,
  committed: TextPositions,
  computed: (rows: RowsRef) => StepRows,
  { change }: PassQueue,
  { copy, join, forget }: Required<Pick<Sequence, 'copy' | 'join'>> & { forget: () => void },
): Sequence {
  return {
    get length() {
      return committed.length;
    },
    get nextPosition() {
      return committed.next;
    },
    commit({ rows }, path) {
      const { first, positions } = computed(rows);
      if (held.newest?.rows !== rows) {
        throw new RangeError("Rows are committed once, before the sequence's next pass.");
      }
      const { columns } = held.newest;
      held.newest = undefined;
      change(() =>
        held.text?.append(
          columns,
          path.map((row) => first + row),
        ),
      );
      committed.append(path.map((row) => positions[row] as number));
    },
    copy,
    join,
    truncate(length) {
      committed.truncate(length);
      change(() => held.text?.truncate(length));
    },
    dispose() {
      committed.truncate(0);
      held.newest = undefined;
      change(() => held.text?.dispose());
      forget();
    },
  };
}

function cut(data: Float32Array, from: number, to: number, width: number): Rows {
  return { data: data.subarray(from * width, to * width), count: to - from, width };
}

function chosenRows({ data, width }: Rows, at: Int32Array): Rows {
  const chosen = new Float32Array(at.length * width);
  for (const [i, row] of at.entries()) {
    chosen.set(data.subarray(row * width, (row + 1) * width), i * width);
  }
  return { data: chosen, count: at.length, width };
}
