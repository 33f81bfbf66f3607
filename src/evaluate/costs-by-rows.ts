import type { ModelInfo } from '../contracts/load.ts';
import type { Pair } from './paired-runs.ts';
import { median } from './spread.ts';

/** What a pass of the target takes by its rows, in milliseconds. */
export interface CostByRows {
  readonly rows: number;
  /** Timed at load, or null for a size that was not. */
  readonly atLoad: number | null;
  /** Median of the rounds with this many rows, and how many there were. */
  readonly inRounds: { readonly ms: number; readonly rounds: number } | null;
}

/** Sizes with fewer rounds than this say little, and are left out unless they were timed at load. */
const FEWEST_ROUNDS = 20;

/** Costs timed at load beside those of the rounds that ran, ascending in rows. */
export function costsByRows(costs: ModelInfo['costs'], pairs: readonly Pair[]): CostByRows[] {
  const seen = new Map<number, number[]>(); // rows → milliseconds of each round
  for (const { plain, speculative } of pairs) {
    for (const { nodes, targetMs } of [...plain.rounds, ...speculative.rounds]) {
      const list = seen.get(nodes) ?? [];
      list.push(targetMs);
      seen.set(nodes, list);
    }
  }
  const timed = new Map(costs.target.map(({ rows, ms }) => [rows, ms]));
  const frequent = [...seen].filter(([, list]) => list.length >= FEWEST_ROUNDS);
  const sizes = new Set([...timed.keys(), ...frequent.map(([rows]) => rows)]);
  return [...sizes]
    .sort((a, b) => a - b)
    .map((rows) => {
      const list = seen.get(rows);
      const inRounds = list ? { ms: median(list), rounds: list.length } : null;
      return { rows, atLoad: timed.get(rows) ?? null, inRounds };
    });
}
