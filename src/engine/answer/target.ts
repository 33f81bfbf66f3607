import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import { DisposedError, NonFiniteFeatureError } from '../../contracts/errors.ts';
import type { Rows } from '../../contracts/rows.ts';
import {
  floatsOf,
  floatTensor,
  intsOf,
  intTensor,
  type Session,
  type Tensor,
} from '../../contracts/session.ts';
import type { Forward, Sequence, Step, Target } from '../../contracts/target.ts';
import { attentionBias } from '../../model/attention-bias.ts';
import { createKvCache, joinCaches, type KvCache } from '../../model/kv-cache.ts';
import { mropeRows } from '../../model/mrope-rows.ts';
import { type Rope, ropeOf } from '../../model/rope-frequencies.ts';
import { rotaryRows } from '../../model/rotary-rows.ts';
import { pastFeeds, rowFeeds } from '../../model/row-feeds.ts';
import { type JoinedSteps, joinSteps, paddedTo2 } from './join-steps.ts';

/** The target over a decoder session built by `buildLlama`. */
export function createTarget(session: Session, config: DecoderConfig): Target {
  const rope = ropeOf(config);
  const caches = new WeakMap<Sequence, KvCache>();
  const cacheOf = (sequence: Sequence): KvCache => {
    const cache = caches.get(sequence);
    if (cache === undefined) throw new DisposedError('sequence');
    return cache;
  };
  return {
    hiddenSize: config.hiddenSize,
    vocabSize: config.vocabSize,
    contextLength: config.contextLength,
    open() {
      const cache = createKvCache(config);
      const sequence = sequenceOver(cache, () => caches.delete(sequence));
      caches.set(sequence, cache);
      return sequence;
    },
    async forward(steps, want) {
      const past = joinCaches(
        steps.map((step) => cacheOf(step.sequence)),
        config,
      );
      const joined = paddedTo2(joinSteps(steps, past.starts));
      const n = joined.ids.length;
      const result = await session.run(
        {
          ...rowFeeds(joined.ids, joined.visual, config.hiddenSize),
          ...turnedRows(joined, config, rope),
          ...pastFeeds(past),
          bias: floatTensor(attentionBias(joined.blocks, past.capacity), [n, past.capacity + n]),
          heads: intTensor(joined.heads),
        },
        want === 'logits' ? [...OUTPUTS, 'logits'] : OUTPUTS,
      );
      return splitForward(steps, result, joined, config);
    },
  };
}

/** By one position, or by three axes where the model has them. */
function turnedRows(
  { positions, sides }: JoinedSteps,
  { mropeSection }: DecoderConfig,
  { frequencies, scale }: Rope,
): { cos: Tensor; sin: Tensor } {
  if (mropeSection === undefined) return rotaryRows(positions, frequencies, scale);
  return mropeRows([positions, sides.height, sides.width], mropeSection, frequencies, scale);
}

const OUTPUTS = ['features', 'best', 'keys', 'values'];

function sequenceOver(cache: KvCache, forget: () => void): Sequence {
  /** The position after each committed row: one beyond the highest so far. */
  let after: number[] = [];
  const nextPosition = () => after.at(-1) ?? 0;
  return {
    get length() {
      return cache.length;
    },
    get nextPosition() {
      return nextPosition();
    },
    commit({ cache: fresh }, rows) {
      cache.append(fresh, rows);
      for (const row of rows) {
        const position = fresh.positions?.[fresh.first + row] ?? nextPosition();
        after.push(Math.max(nextPosition(), position + 1));
      }
    },
    truncate(length) {
      cache.truncate(length);
      after = after.slice(0, length);
    },
    dispose: forget,
  };
}

/** Cuts the outputs of a joined pass into one Forward per step. */
function splitForward(
  steps: readonly Step[],
  outputs: Readonly<Record<string, Tensor>>,
  { positions, sides }: JoinedSteps,
  { hiddenSize, vocabSize }: DecoderConfig,
): Forward[] {
  const features = floatsOf(outputs, 'features');
  const best = intsOf(outputs, 'best');
  const logits = outputs.logits === undefined ? undefined : floatsOf(outputs, 'logits');
  const cache = {
    keys: floatsOf(outputs, 'keys'),
    values: floatsOf(outputs, 'values'),
    count: positions.length,
    positions: positions.map((time, row) =>
      Math.max(time, sides.height[row] as number, sides.width[row] as number),
    ),
  };
  let [row, head] = [0, 0];
  return steps.map((step) => {
    const [first, firstHead] = [row, head];
    row += step.ids.length;
    head += step.heads.length;
    const rows = finite(cut(features, first, row, hiddenSize));
    return {
      features: rows,
      best: best.subarray(firstHead, head),
      ...(logits && { logits: cut(logits, firstHead, head, vocabSize) }),
      cache: { ...cache, first },
    };
  });
}

function cut(data: Float32Array, from: number, to: number, width: number): Rows {
  return { data: data.subarray(from * width, to * width), count: to - from, width };
}

/** NaN and infinity spread over a row, so its sum tells. */
function finite(rows: Rows): Rows {
  let sum = 0;
  for (let i = 0; i < rows.data.length; i++) sum += rows.data[i] as number;
  if (Number.isFinite(sum)) return rows;
  throw new NonFiniteFeatureError(
    'The model computed NaN or infinity; its weights or this precision are unusable for this prompt.',
  );
}
