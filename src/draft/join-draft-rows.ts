import type { AxisPositions } from '../contracts/messages.ts';
import type { Rows, VisualRows } from '../contracts/rows.ts';
import { joinFloats, joinPositions, joinVisualRows } from '../model/join-rows.ts';
import { lacksCompany } from '../model/lane-groups.ts';

/** Rows that a draft reads of one text. */
interface LaneRows {
  readonly features: Rows; // [n, H]
  readonly visual?: VisualRows;
  readonly positions: AxisPositions; // [n] each
}

/**
 * The rows of all lanes as those of one pass, filled up so that none is alone.
 * @param behind rows that stand behind them in some of the pass's products
 */
export function joinDraftRows(lanes: readonly LaneRows[], hiddenSize: number, behind = 0) {
  const n = lanes.reduce((sum, { features }) => sum + features.count, 0);
  let count = n;
  while (lacksCompany(count) || lacksCompany(count + behind)) count += 1;
  const missing = count - n;
  const parts = lanes.map(({ features }) => features.data);
  const visual = joinVisualRows(
    lanes.map(({ features, visual }) => ({ rows: features.count, visual })),
  );
  return {
    count,
    missing,
    features: joinFloats([...parts, new Float32Array(missing * hiddenSize)]),
    ...(visual && { visual }),
    positions: joinPositions(
      lanes.map(({ positions }) => positions),
      missing,
    ),
  };
}
