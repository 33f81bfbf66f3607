import type { RoundStats } from '../contracts/generate.ts';

/** What came of one depth of the draft's trees. */
export interface DepthReport {
  /** 1 for the root's children. */
  readonly depth: number;
  /** Rounds whose tree reached it. */
  readonly rounds: number;
  /** Nodes in it, a round. */
  readonly nodes: number;
  /** Rounds that kept one of them. */
  readonly kept: number;
  /** Of the rounds that kept a node of the depth above, the share that kept one here. */
  readonly acceptance: number;
  /** By the draft's own word, the share of its rounds that keep one; null where it does not tell. */
  readonly predicted: number | null;
  /** What it adds to the tokens of a pass, over all passes. */
  readonly tokensPerPass: number;
}

/** By depth, as deep as a tree went. Of each answer the last round is left out: the end of the text cuts its path short. */
export function depthReports(answers: readonly (readonly RoundStats[])[]): DepthReport[] {
  const all = answers.flatMap((rounds) => rounds.slice(0, -1));
  const reports: DepthReport[] = [];
  for (let depth = 1; ; depth += 1) {
    const rounds = all.filter(({ levels }) => levels.length >= depth);
    if (rounds.length === 0) return reports;
    const kept = rounds.filter(({ accepted }) => accepted >= depth).length;
    const reached = rounds.filter(({ accepted }) => accepted >= depth - 1).length;
    const levels = rounds.flatMap(({ levels }) => levels[depth - 1] ?? []);
    const told = levels.flatMap(({ survival }) => survival ?? []);
    reports.push({
      depth,
      rounds: rounds.length,
      nodes: sum(levels.map(({ nodes }) => nodes)) / rounds.length,
      kept,
      acceptance: reached === 0 ? 0 : kept / reached,
      predicted: told.length === 0 ? null : sum(told) / told.length,
      tokensPerPass: kept / all.length,
    });
  }
}

/** Of the depths for which the draft foretold about the same, what came true. */
export interface CalibrationReport {
  /** Mean of what was foretold. */
  readonly predicted: number;
  /** Share that was kept. */
  readonly kept: number;
  /** Depths of rounds. */
  readonly count: number;
}

const CLASSES = 10;

/** What the draft foretold of every depth of every round against what was kept, by tenths of its probability. */
export function calibration(answers: readonly (readonly RoundStats[])[]): CalibrationReport[] {
  const classes = Array.from({ length: CLASSES }, () => ({ predicted: 0, kept: 0, count: 0 }));
  for (const { levels, accepted } of answers.flatMap((rounds) => rounds.slice(0, -1))) {
    for (const [at, { survival }] of levels.entries()) {
      if (survival === null) continue;
      const one = classes[Math.min(CLASSES - 1, Math.floor(survival * CLASSES))];
      if (one === undefined) continue;
      one.predicted += survival;
      one.kept += accepted > at ? 1 : 0;
      one.count += 1;
    }
  }
  return classes
    .filter(({ count }) => count > 0)
    .map(({ predicted, kept, count }) => ({
      predicted: predicted / count,
      kept: kept / count,
      count,
    }));
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
