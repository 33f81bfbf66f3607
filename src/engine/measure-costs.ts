import type { Drafter } from '../contracts/drafter.ts';
import type { Sequence, Target } from '../contracts/target.ts';
import type { Costs } from '../decode/costs.ts';

/** Rows of the passes that are timed: plain decoding and the trees of `auto`. */
const ROWS = [1, 8, 16, 32, 59];
/** Committed text under the timed passes. */
const CONTEXT = 64;
const REPEATS = 5;
/** Milliseconds that timing may take at load. */
const BUDGET = 450;

/**
 * Times the target at several widths and the draft by the level, within half a second. On a machine too slow for
 * all widths the wider ones are left out, and the planner extends the line of the measured ones.
 */
export async function measureCosts(
  target: Target,
  drafter: Drafter | null,
  clock: () => number,
): Promise<Costs> {
  const end = clock() + BUDGET;
  const sequence = target.open();
  try {
    await fill(target, sequence);
    const draftLevel =
      drafter === null ? 0 : await timeDraftLevel(drafter, target.hiddenSize, clock);
    const measured: { rows: number; ms: number }[] = [];
    for (const rows of ROWS) {
      const expected = (measured.at(-1)?.ms ?? 0) * 2;
      if (clock() + expected > end && measured.length >= 2) break;
      const ms = await timePass(target, sequence, rows, clock, end);
      // A wider pass is never cheaper; noise may say so.
      measured.push({ rows, ms: Math.max(ms, measured.at(-1)?.ms ?? 0) });
    }
    return { target: measured, draftLevel, host: 0.1 };
  } finally {
    sequence.dispose();
  }
}

async function fill(target: Target, sequence: Sequence): Promise<void> {
  const rows = Math.min(CONTEXT, target.contextLength);
  const [forward] = await target.forward([chain(sequence, rows)], 'best');
  if (forward !== undefined) sequence.commit(forward, iota(rows));
}

async function timePass(
  target: Target,
  sequence: Sequence,
  rows: number,
  clock: () => number,
  end: number,
): Promise<number> {
  const step = chain(sequence, rows);
  return fastest(clock, end, () => target.forward([step], 'best'));
}

/** A chain of drafts, one row a level: what a level costs beside its rows, which a CPU hardly feels. */
async function timeDraftLevel(
  drafter: Drafter,
  hiddenSize: number,
  clock: () => number,
): Promise<number> {
  const state = drafter.open();
  const features = {
    data: new Float32Array(CONTEXT * hiddenSize),
    count: CONTEXT,
    width: hiddenSize,
  };
  await state.extend({ next: new Int32Array(CONTEXT), features });
  const shape = { total: 1000, depth: 3, topK: 4 };
  const ms = await fastest(clock, clock() + BUDGET / 5, () => state.propose(0, shape));
  state.dispose();
  return ms / shape.depth;
}

/** The fastest of some runs: noise only ever adds. The first is a warm-up unless time is short. */
async function fastest(
  clock: () => number,
  end: number,
  run: () => Promise<unknown>,
): Promise<number> {
  let best = Infinity;
  for (let i = 0; i <= REPEATS; i++) {
    const start = clock();
    await run();
    const ms = clock() - start;
    if (i > 0 || start + 2 * ms > end) best = Math.min(best, ms);
    if (clock() + ms > end && best < Infinity) break;
  }
  return best;
}

function chain(sequence: Sequence, rows: number) {
  return {
    sequence,
    ids: new Int32Array(rows),
    parents: Int32Array.from({ length: rows }, (_, i) => i - 1),
    positions: Int32Array.from({ length: rows }, (_, i) => sequence.length + i),
    heads: iota(rows),
  };
}

const iota = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);
