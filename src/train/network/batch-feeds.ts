import { floatTensor, type Tensor } from '../../contracts/session.ts';
import { consecutive } from '../../model/consecutive.ts';
import { type RopeSettings, ropeOf } from '../../model/rope-frequencies.ts';
import { rotaryRows } from '../../model/rotary-rows.ts';

/**
 * Feeds of `batchInputs` for `count` sequences of `length` rows. Padding stands on the right, where no row of its
 * sequence sees it, so the causal bias serves all.
 */
export function createBatchFeeds(
  settings: RopeSettings,
): (count: number, length: number) => Record<string, Tensor> {
  const { frequencies, scale } = ropeOf(settings);
  const byLength = new Map<number, Record<string, Tensor>>();
  return (count, length) => {
    const known = byLength.get(length) ?? {
      bias: causalBias(length),
      ...rotaryRows(consecutive(length), frequencies, scale),
    };
    byLength.set(length, known);
    const grid = BigInt64Array.of(BigInt(count), BigInt(length));
    return { ...known, grid: { dtype: 'int64', shape: [2], data: grid } };
  };
}

/** [n, n]: 0 where a row sees a column that stands at least `behind` before it, -inf elsewhere. */
export function causalBias(n: number, behind = 0): Tensor {
  const data = new Float32Array(n * n);
  for (let row = 0; row < n; row++) {
    data.fill(Number.NEGATIVE_INFINITY, row * n + Math.max(0, row + 1 - behind), row * n + n);
  }
  return floatTensor(data, [n, n]);
}
