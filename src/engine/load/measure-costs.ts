import type { Drafter, DraftRows } from '../../contracts/drafter.ts';
import type { Forward, RowsRef, Sequence, Step, Target } from '../../contracts/target.ts';
import type { Costs, MeasuredCosts } from '../../decode/costs.ts';
import { onAllAxes, wordPositions } from '../../decode/draft-rows.ts';
import { runRound } from '../../decode/round.ts';
import { createPicker } from '../../decode/sample.ts';
import { PLAIN } from '../../decode/tree-shape.ts';
import { consecutive } from '../../model/consecutive.ts';
import { serveAlone } from '../answer/serve-alone.ts';

/** Rows of the passes that are timed; rounds teach what lies between. The first two are needed. */
const ROWS = [1, 8, 16, 32, 59];
const NEEDED = 2;
/** Committed text under the timed passes. */
const CONTEXT = 64;
const WARM_UP_ROWS = 8;
/** Levels that are timed of a draft's tree, which has more room for nodes than it finds: no level is left out. */
const DRAFT_TREE = { total: 1000, depth: 3, topK: 4 };
/** The tree of a draft that is called once for all levels. */
const BLOCK_TREE = { total: 16, depth: 7, topK: 4 };
const SWEEPS = 12;
/** Milliseconds for all of it, so that half a second is kept. */
const BUDGET = 450;
/** Milliseconds for a warm-up alone, and the slowest plain pass for which one is worth it. */
const WARM_UP = { budget: 80, slowestPass: 5 };
/** On a quiet machine half of the turns take less than this much of the fastest. */
const STEADY = 1.5;

/**
 * Times the target at several widths, a draft level, and the rest of a round, within half a second. On a machine too
 * slow for all widths the wider ones are left out, and the planner prices them by their rows as the widest that was timed; one so slow
 * that even the needed runs take longer makes each of them once.
 */
export async function measureCosts(
  target: Target,
  drafter: Drafter | null,
  clock: () => number,
  budget = BUDGET,
): Promise<MeasuredCosts> {
  const end = clock() + budget;
  const sequence = target.open();
  const state = drafter?.open();
  try {
    const read = await fill(target, sequence, clock);
    const rows = draftRows(read);
    if (drafter !== null && state !== undefined) await drafter.run([{ state, rows: [rows] }]);
    const passes = ROWS.map((rows) => {
      const step = star(sequence, rows);
      return timed(() => target.forward([step]));
    });
    const once = drafter?.calls === 'round';
    const grow = { root: 0, shape: once ? BLOCK_TREE : DRAFT_TREE };
    const draft =
      drafter === null || state === undefined
        ? undefined
        : timed(() => drafter.run([{ state, rows: [], grow }]));
    const round = timed(plainRound(target, sequence));
    const needed = [...passes.slice(0, NEEDED), ...(draft === undefined ? [] : [draft])];
    const others = [round, ...passes.slice(NEEDED)];
    await takeTurns(needed, others, clock, end);

    const measured: { rows: number; ms: number }[] = [];
    for (const [index, rows] of ROWS.entries()) {
      const ms = fastest(passes[index]);
      // A wider pass is never cheaper; noise may say so.
      if (ms !== undefined) measured.push({ rows, ms: Math.max(ms, measured.at(-1)?.ms ?? 0) });
    }
    const plain = measured[0]?.ms ?? 0;
    const host = Math.max(0, (fastest(round) ?? plain) - plain);
    const draftLevel = (fastest(draft) ?? 0) / (once ? 1 : DRAFT_TREE.depth);
    const steady = [...needed, ...others].every(isSteady);
    return { costs: { target: measured, draftLevel, host }, steady };
  } finally {
    sequence.dispose();
    state?.dispose();
  }
}

/**
 * Runs what was timed at an earlier load for a moment, so that the first answer does not pay for a cold start. Only a
 * small model feels one.
 */
export async function warmUp(
  known: Costs,
  target: Target,
  drafter: Drafter | null,
  clock: () => number,
): Promise<void> {
  const [plain] = known.target;
  if (plain === undefined || plain.ms > WARM_UP.slowestPass) return;
  await measureCosts(target, drafter, clock, WARM_UP.budget);
}

type Run = () => Promise<unknown>;

/** What is timed, and the milliseconds that it took: to warm up, and in each turn. */
interface Timed {
  readonly run: Run;
  warmUp: number | undefined;
  readonly turns: number[];
}

const timed = (run: Run): Timed => ({ run, warmUp: undefined, turns: [] });

/** The fastest turn, since noise only ever adds; the warm-up counts only where time was short, and undefined is no run. */
const fastest = (one: Timed | undefined): number | undefined =>
  one?.turns.length ? Math.min(...one.turns) : one?.warmUp;

/** Runs all turn by turn until time is up, so that a noisy moment hits all alike; others that could take too long never. */
async function takeTurns(
  needed: readonly Timed[],
  others: readonly Timed[],
  clock: () => number,
  end: number,
): Promise<void> {
  const time = async ({ run }: Timed): Promise<number> => {
    const start = clock();
    await run();
    return clock() - start;
  };
  for (const one of needed) one.warmUp = await time(one);
  let slowest = Math.max(...needed.map(({ warmUp }) => warmUp ?? 0));
  const warm = [...needed];
  for (const one of others) {
    if (clock() + 2 * slowest > end) break; // the next is up to twice as wide
    one.warmUp = await time(one);
    slowest = Math.max(slowest, one.warmUp);
    warm.push(one);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const one of warm) {
      if (clock() + (one.turns.at(-1) ?? one.warmUp ?? 0) > end) return;
      one.turns.push(await time(one));
    }
  }
}

function isSteady({ turns }: Timed): boolean {
  const sorted = [...turns].sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  return median <= STEADY * (sorted[0] ?? 0);
}

/** Commits some text; little of it where the first pass, which also fetches the weights, is slow. */
async function fill(target: Target, sequence: Sequence, clock: () => number): Promise<RowsRef> {
  const most = Math.min(CONTEXT, target.contextLength - 1);
  const start = clock();
  const first = await commitChain(target, sequence, Math.min(WARM_UP_ROWS, most));
  const slow = clock() - start > BUDGET / 10;
  if (!slow && sequence.length < most) await commitChain(target, sequence, most - sequence.length);
  return first;
}

/** Reads at least one row, also where the context has room for none before the timed ones. */
async function commitChain(target: Target, sequence: Sequence, rows: number): Promise<RowsRef> {
  const n = Math.max(1, rows);
  const step: Step = {
    sequence,
    ids: new Int32Array(n),
    parents: consecutive(n, -1),
    positions: wordPositions(n, sequence.length),
    heads: Int32Array.of(n - 1),
    want: 'best',
  };
  const [forward] = (await target.forward([step])) as [Forward];
  sequence.commit(forward, consecutive(rows));
  return forward.rows;
}

/** Rows side by side after the text, as the nodes of a tree's first level: they cost what any tree of so many costs. */
function star(sequence: Sequence, rows: number): Step {
  return {
    sequence,
    ids: new Int32Array(rows),
    parents: new Int32Array(rows).fill(-1),
    positions: onAllAxes(new Int32Array(rows).fill(sequence.length)),
    heads: consecutive(rows),
    want: 'best',
  };
}

/** Some text for the draft to read. */
const draftRows = (from: RowsRef): DraftRows => ({
  next: new Int32Array(from.count),
  from,
  at: consecutive(from.count),
});

/** A whole round of plain decoding, committed as in an answer. */
function plainRound(target: Target, sequence: Sequence): Run {
  const picker = createPicker({ temperature: 0, topK: 0, topP: 1, minP: 0, seed: 0 });
  return async () => {
    const position = sequence.length;
    const input = { sequence, draft: null, unread: [], root: 0, position, picker };
    await serveAlone(runRound({ ...input, shape: PLAIN }), { target });
    sequence.truncate(position);
  };
}
