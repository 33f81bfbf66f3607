import type { AxisPositions } from '../contracts/messages.ts';
import type { Rows, VisualRows } from '../contracts/rows.ts';
import { joinFloats, joinPositions, joinVisualRows } from '../model/join-rows.ts';
import { LEAST_ROWS } from '../model/lane-groups.ts';

/** Rows that a draft reads of one text. */
interface LaneRows {
  readonly features: Rows; // [n, H]
  readonly visual?: VisualRows;
  readonly positions: AxisPositions; // [n] each
}

/** The rows of all lanes as those of one pass, filled up to `LEAST_ROWS`. */
export function joinDraftRows(lanes: readonly LaneRows[], hiddenSize: number) {
  const n = lanes.reduce((sum, { features }) => sum + features.count, 0);
  const missing = Math.max(0, LEAST_ROWS - n);
  const parts = lanes.map(({ features }) => features.data);
  const visual = joinVisualRows(
    lanes.map(({ features, visual }) => ({ rows: features.count, visual })),
  );
  return {
    count: n + missing,
    missing,
    features: joinFloats([...parts, new Float32Array(missing * hiddenSize)]),
    ...(visual && { visual }),
    positions: joinPositions(
      lanes.map(({ positions }) => positions),
      missing,
    ),
  };
}
