import type { VisualRows } from '../../contracts/rows.ts';
import type { Step } from '../../contracts/target.ts';
import { joinVisualRows } from '../../decode/join-visual-rows.ts';
import type { BiasBlock } from '../../model/attention-bias.ts';

/** The rows of several steps as those of one pass. */
export interface JoinedSteps {
  readonly ids: Int32Array; // [n]
  readonly positions: Int32Array; // [n]
  readonly sides: { readonly height: Int32Array; readonly width: Int32Array }; // [n] each
  readonly heads: Int32Array; // [w]
  readonly visual?: VisualRows;
  readonly blocks: readonly BiasBlock[];
}

/** `pastStarts` tells where each step's committed columns begin in the joined cache. */
export function joinSteps(steps: readonly Step[], pastStarts: readonly number[]): JoinedSteps {
  const firsts = steps.map((_, index) =>
    steps.slice(0, index).reduce((sum, step) => sum + step.ids.length, 0),
  );
  const shifted = (values: Int32Array, index: number) => {
    const first = firsts[index] as number;
    return first === 0 ? values : values.map((value) => value + first);
  };
  const visual = joinVisualRows(
    steps.map((step) => ({ rows: step.ids.length, visual: step.visual })),
  );
  return {
    ids: joinInts(steps.map((step) => step.ids)),
    positions: joinInts(steps.map((step) => step.positions)),
    sides: {
      height: joinInts(steps.map(({ positions, sides }) => sides?.height ?? positions)),
      width: joinInts(steps.map(({ positions, sides }) => sides?.width ?? positions)),
    },
    heads: joinInts(steps.map((step, index) => shifted(step.heads, index))),
    ...(visual && { visual }),
    blocks: steps.map((step, index) => ({
      pastStart: pastStarts[index] as number,
      pastLength: step.sequence.length,
      parents: step.parents,
    })),
  };
}

/**
 * A product of one row runs another kernel than one of more rows, with other last bits. A row that nobody reads
 * keeps plain decoding and verification on the same one.
 */
export function paddedTo2(joined: JoinedSteps): JoinedSteps {
  if (joined.ids.length !== 1) return joined;
  const besides = (values: Int32Array) => Int32Array.of(values[0] as number, 0);
  const { positions, sides } = joined;
  const alone = { pastStart: 0, pastLength: 0, parents: Int32Array.of(-1) };
  return {
    ...joined,
    ids: besides(joined.ids),
    positions: besides(positions),
    sides: { height: besides(sides.height), width: besides(sides.width) },
    blocks: [...joined.blocks, alone],
  };
}

function joinInts(parts: readonly Int32Array[]): Int32Array {
  if (parts.length === 1) return parts[0] as Int32Array;
  const joined = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
