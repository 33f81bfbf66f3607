import type { AxisPositions } from '../contracts/messages.ts';
import { type Feeds, floatTensor, type Tensor } from '../contracts/session.ts';
import { consecutive } from '../model/consecutive.ts';
import { mropeRows } from '../model/mrope-rows.ts';
import { type RopeSettings, ropeOf } from '../model/rope-frequencies.ts';
import { rotaryRows } from '../model/rotary-rows.ts';

export interface BatchSettings extends RopeSettings {
  readonly mropeSection?: readonly number[]; // [3]
}

/**
 * Feeds of `batchInputs` for sequences of `length` rows. Padding stands on the right, where no row of its sequence sees
 * it, so the causal bias serves all.
 */
export interface BatchFeeds {
  /** Of `count` sequences that stand where their rows are. */
  readonly inPlace: (count: number, length: number) => Feeds;
  /** Of sequences apart, each at positions of its own, if it has any. */
  readonly apart: (positions: readonly (AxisPositions | undefined)[], length: number) => Feeds;
}

export function createBatchFeeds(settings: BatchSettings): BatchFeeds {
  const { mropeSection, headDim } = settings;
  const rope = ropeOf(settings);
  const byLength = new Map<number, { bias: Tensor; cos: Tensor; sin: Tensor }>();
  const inPlace: BatchFeeds['inPlace'] = (count, length) => {
    const known = byLength.get(length) ?? {
      bias: causalBias(length),
      ...rotaryRows(consecutive(length), rope.frequencies, rope.scale),
    };
    byLength.set(length, known);
    const grid = BigInt64Array.of(BigInt(count), BigInt(length));
    return { ...known, grid: { dtype: 'int64', shape: [2], data: grid } };
  };
  return {
    inPlace,
    apart(positions, length) {
      const count = positions.length;
      const axis = (name: keyof AxisPositions) => {
        const all = new Int32Array(count * length);
        for (const [member, axes] of positions.entries()) {
          all.set(filled(axes?.[name], length), member * length);
        }
        return all;
      };
      const axes = { time: axis('time'), height: axis('height'), width: axis('width') };
      const { frequencies, scale } = rope;
      const { cos, sin } =
        mropeSection === undefined
          ? rotaryRows(axes.time, frequencies, scale)
          : mropeRows([axes.time, axes.height, axes.width], mropeSection, frequencies, scale);
      const shape = [count, length, 1, headDim];
      return { ...inPlace(count, length), cos: { ...cos, shape }, sin: { ...sin, shape } };
    },
  };
}

/** The first `length` of some positions; places in the text where there are none. */
function filled(positions: Int32Array | undefined, length: number): Int32Array {
  const all = consecutive(length);
  if (positions !== undefined) all.set(positions.subarray(0, length));
  return all;
}

/** [n, n]: 0 where a row sees a column that stands at least `behind` before it, -inf elsewhere. */
export function causalBias(n: number, behind = 0): Tensor {
  const data = new Float32Array(n * n);
  for (let row = 0; row < n; row++) {
    data.fill(Number.NEGATIVE_INFINITY, row * n + Math.max(0, row + 1 - behind), row * n + n);
  }
  return floatTensor(data, [n, n]);
}
