import type { Forward, RowsRef, Sequence, Step, Target } from '../../contracts/target.ts';
import { toHalves } from '../features/float16.ts';
import { TOP_LOGITS, topLogits } from '../features/top-logits.ts';

/** What a target computed for the committed rows of a sequence. */
interface RecordedRows {
  readonly features: Uint16Array; // [n, H], halves
  /** Of the rows whose logits a pass gave; 0 of the others: [n, TOP_LOGITS]. */
  readonly tops: Uint16Array;
}

/** A target that keeps what its passes compute, for as long as the sequence is open. */
export interface RecordingTarget extends Target {
  /** The first `count` committed rows of one of its sequences. */
  recorded(sequence: Sequence, count: number): RecordedRows;
}

/** What a pass computed, until it is committed. */
interface Computed {
  readonly features: Uint16Array; // [rows, H]
  readonly tops: ReadonlyMap<number, Uint16Array>; // by row
}

/** Records every row of a target, whose passes now always give logits. Its words stay the same. */
export function recordRows(target: Target): RecordingTarget {
  const inner = new WeakMap<Sequence, { sequence: Sequence; tape: Tape }>();
  const computed = new WeakMap<RowsRef, Computed>();
  const of = (sequence: Sequence) => {
    const found = inner.get(sequence);
    if (found === undefined) throw new RangeError('The sequence is of another target.');
    return found;
  };
  const compute = async (step: Step, { rows, logits }: Forward): Promise<void> => {
    const features = toHalves((await target.read(rows)).data);
    const tops = new Map<number, Uint16Array>();
    for (const [head, row] of step.heads.entries()) {
      const { data, width } = logits as NonNullable<Forward['logits']>;
      tops.set(row, topLogits(data.subarray(head * width, (head + 1) * width)));
    }
    computed.set(rows, { features, tops });
  };
  return {
    hiddenSize: target.hiddenSize,
    vocabSize: target.vocabSize,
    contextLength: target.contextLength,
    read: target.read,
    columns: (sequences) => target.columns(sequences.map((one) => of(one).sequence)),
    open() {
      const sequence = target.open();
      const tape = createTape(target.hiddenSize);
      const recording: Sequence = {
        get length() {
          return sequence.length;
        },
        get nextPosition() {
          return sequence.nextPosition;
        },
        commit(forward, path) {
          sequence.commit(forward, path);
          tape.append(computed.get(forward.rows) as Computed, path);
        },
        truncate(length) {
          sequence.truncate(length);
          tape.truncate(length);
        },
        dispose() {
          sequence.dispose();
          tape.truncate(0);
        },
      };
      inner.set(recording, { sequence, tape });
      return recording;
    },
    async forward(steps) {
      const forwards = await target.forward(
        steps.map((step) => ({ ...step, sequence: of(step.sequence).sequence, want: 'logits' })),
      );
      for (const [at, forward] of forwards.entries()) {
        if (forward.fault === undefined) await compute(steps[at] as Step, forward);
      }
      return forwards;
    },
    recorded: (sequence, count) => of(sequence).tape.first(count),
  };
}

interface Tape {
  append(computed: Computed, path: Int32Array): void;
  truncate(length: number): void;
  first(count: number): RecordedRows;
}

/** Rows one behind the other, in memory that doubles when it is full. */
function createTape(width: number): Tape {
  let features = new Uint16Array(0);
  let tops = new Uint16Array(0);
  let length = 0;
  const grow = (rows: number): void => {
    if (rows * width <= features.length) return;
    const [olderFeatures, olderTops] = [features, tops];
    const room = Math.max(rows, (2 * features.length) / width, 64);
    features = new Uint16Array(room * width);
    tops = new Uint16Array(room * TOP_LOGITS);
    features.set(olderFeatures);
    tops.set(olderTops);
  };
  return {
    append(computed, path) {
      grow(length + path.length);
      for (const row of path) {
        features.set(computed.features.subarray(row * width, (row + 1) * width), length * width);
        const at = length * TOP_LOGITS;
        const top = computed.tops.get(row);
        if (top === undefined) tops.fill(0, at, at + TOP_LOGITS);
        else tops.set(top, at);
        length += 1;
      }
    },
    truncate(to) {
      length = Math.min(length, to);
    },
    first(count) {
      if (count > length) throw new RangeError(`${count} rows are asked for of ${length}.`);
      return {
        features: features.slice(0, count * width),
        tops: tops.slice(0, count * TOP_LOGITS),
      };
    },
  };
}
