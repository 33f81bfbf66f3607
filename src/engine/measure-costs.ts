import type { Drafter } from '../contracts/drafter.ts';
import type { Sequence, Step, Target } from '../contracts/target.ts';
import type { Costs } from '../decode/costs.ts';
import { runRound } from '../decode/round.ts';
import { createPicker } from '../decode/sample.ts';
import { PLAIN } from '../decode/tree-shape.ts';

/** Rows of the passes that are timed: plain decoding and the trees of `auto`. */
const ROWS = [1, 8, 16, 32, 59];
/** Widths without which there is no slope. */
const NEEDED = 2;
/** Committed text under the timed passes. */
const CONTEXT = 64;
const WARM_UP_ROWS = 8;
const REPEATS = 5;
/** Milliseconds for all of it, so that half a second is kept. */
const BUDGET = 450;

/**
 * Times the target at several widths, a draft level, and the rest of a round, within half a second. On a machine too
 * slow for all widths the wider ones are left out, and the planner extends the line of the measured ones; one so slow
 * that even the needed passes take longer runs each of them once.
 */
export async function measureCosts(
  target: Target,
  drafter: Drafter | null,
  clock: () => number,
): Promise<Costs> {
  const end = clock() + BUDGET;
  /** When to stop if what is left of the time is shared among so many. */
  const turnOf = (many: number) => clock() + Math.max(0, end - clock()) / many;
  const sequence = target.open();
  try {
    await fill(target, sequence, clock);
    const draftLevel =
      drafter === null ? 0 : await timeDraftLevel(drafter, target.hiddenSize, clock, turnOf(4));
    const measured: { rows: number; ms: number }[] = [];
    for (const [index, rows] of ROWS.entries()) {
      const last = measured.at(-1)?.ms ?? 0;
      if (index >= NEEDED && clock() + 2 * last > end) break;
      const step = star(sequence, rows);
      const turn = turnOf(ROWS.length - index + 1);
      const ms = await fastest(clock, turn, () => target.forward([step], 'best'));
      measured.push({ rows, ms: Math.max(ms, last) }); // wider is never cheaper; noise may say so
    }
    const plain = measured[0]?.ms ?? 0;
    const left = clock() + 2 * plain < end;
    const round = left ? await timePlainRound(target, sequence, clock, end) : plain;
    return { target: measured, draftLevel, host: Math.max(0, round - plain) };
  } finally {
    sequence.dispose();
  }
}

/** Commits some text; little of it where the first pass, which also fetches the weights, is slow. */
async function fill(target: Target, sequence: Sequence, clock: () => number): Promise<void> {
  const most = Math.min(CONTEXT, target.contextLength - 1);
  const start = clock();
  await commitChain(target, sequence, Math.min(WARM_UP_ROWS, most));
  const slow = clock() - start > BUDGET / 10;
  if (!slow) await commitChain(target, sequence, most - sequence.length);
}

async function commitChain(target: Target, sequence: Sequence, rows: number): Promise<void> {
  if (rows < 1) return;
  const parents = Int32Array.from({ length: rows }, (_, i) => i - 1);
  const positions = Int32Array.from({ length: rows }, (_, i) => sequence.length + i);
  const step = { sequence, ids: new Int32Array(rows), parents, positions };
  const [forward] = await target.forward([{ ...step, heads: Int32Array.of(rows - 1) }], 'best');
  if (forward !== undefined) sequence.commit(forward, iota(rows));
}

/** Rows side by side after the text, as the nodes of a tree's first level: they cost what any tree of so many costs. */
function star(sequence: Sequence, rows: number): Step {
  return {
    sequence,
    ids: new Int32Array(rows),
    parents: new Int32Array(rows).fill(-1),
    positions: new Int32Array(rows).fill(sequence.length),
    heads: iota(rows),
  };
}

/** A level of a narrow tree: what a draft pass costs beside its rows, which a CPU hardly feels. */
async function timeDraftLevel(
  drafter: Drafter,
  hiddenSize: number,
  clock: () => number,
  end: number,
): Promise<number> {
  const state = drafter.open();
  const count = WARM_UP_ROWS;
  const features = { data: new Float32Array(count * hiddenSize), count, width: hiddenSize };
  const shape = { total: 1000, depth: 3, topK: 4 }; // more nodes than there are: no level is left out
  try {
    await state.extend({ next: new Int32Array(count), features });
    return (await fastest(clock, end, () => state.propose(0, shape))) / shape.depth;
  } finally {
    state.dispose();
  }
}

/** A whole round of plain decoding, committed as in an answer. */
function timePlainRound(
  target: Target,
  sequence: Sequence,
  clock: () => number,
  end: number,
): Promise<number> {
  const position = sequence.length;
  const picker = createPicker({ temperature: 0, topK: 0, topP: 1, minP: 0, seed: 0 });
  const input = { target, sequence, draft: null, unread: [], root: 0, position, picker, clock };
  return fastest(clock, end, async () => {
    await runRound({ ...input, shape: PLAIN });
    sequence.truncate(position);
  });
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

const iota = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);
