import type { ModelInfo } from '../contracts/load.ts';
import { type ContestReport, contestReport } from './contest-report.ts';
import { type CostByRows, costsByRows } from './costs-by-rows.ts';
import type { Machine } from './machine.ts';
import type { Pair, RequestSettings } from './paired-runs.ts';
import type { BenchPrompt } from './prompt-set.ts';

/** Everything that `msd bench` tells, as `--json` prints it. Times are milliseconds. */
export interface BenchReport {
  /** 'interrupted' and 'failed' hold what was measured until then. */
  readonly ended: 'complete' | 'interrupted' | 'failed';
  readonly model: Omit<ModelInfo, 'costs'>;
  readonly machine: Machine;
  readonly request: RequestSettings;
  readonly prompts: number;
  readonly promptsWithImages: number;
  /** Pairs that each prompt was to have. */
  readonly repeats: number;
  /** Whether every speculative answer was plain's, token for token. */
  readonly lossless: boolean;
  readonly contests: readonly ContestReport[];
  readonly costs: {
    readonly target: readonly CostByRows[];
    /** One draft level, timed at load; null without a draft. */
    readonly draftLevel: number | null;
    /** Whether those at load came from the cache of an earlier load. */
    readonly cached: boolean;
  };
}

/** What a bench has when it ends. */
export interface Measurements {
  readonly ended: BenchReport['ended'];
  readonly info: ModelInfo;
  readonly machine: Machine;
  readonly settings: RequestSettings;
  readonly prompts: readonly BenchPrompt[];
  readonly repeats: number;
  /** By contest; one without a pair is left out of the report. */
  readonly pairs: readonly (readonly Pair[])[];
}

/** @param random uniform in [0, 1), for the intervals */
export function benchReport(
  { ended, info, machine, settings, prompts, repeats, pairs }: Measurements,
  random: () => number,
): BenchReport {
  const { costs, ...model } = info;
  const contests = pairs.flatMap(([first, ...rest]) =>
    first === undefined ? [] : contestReport([first, ...rest], prompts, random),
  );
  return {
    ended,
    model,
    machine,
    request: settings,
    prompts: prompts.length,
    promptsWithImages: prompts.filter(({ images }) => images > 0).length,
    repeats,
    lossless: contests.every(({ lossless }) => lossless),
    contests,
    costs: {
      target: costsByRows(costs, pairs.flat()),
      draftLevel: costs.draftLevel,
      cached: costs.cached,
    },
  };
}
