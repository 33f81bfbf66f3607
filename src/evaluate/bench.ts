import type { LoadOptions, ModelInfo } from '../contracts/load.ts';
import type { load } from '../load.ts';
import { type BenchReport, benchReport } from './bench-report.ts';
import type { Machine } from './machine.ts';
import { type Contest, type Pair, pairedRuns, type RequestSettings } from './paired-runs.ts';
import type { BenchPrompt } from './prompt-set.ts';

export interface Bench {
  readonly load: LoadOptions;
  readonly contests: readonly Contest[];
  readonly prompts: readonly BenchPrompt[];
  /** Pairs of each prompt. */
  readonly repeats: number;
  readonly settings: RequestSettings;
}

/** What a bench needs from around it. */
export interface BenchWorld {
  readonly load: typeof load;
  readonly machine: Machine;
  /** Uniform in [0, 1), for the intervals. */
  readonly random: () => number;
  /** Aborted, it ends the bench with what was measured so far. */
  readonly signal: AbortSignal;
  /** Told after each pair. */
  readonly onPair: () => void;
}

/**
 * Measures each contest against plain decoding. A contest loads the model anew, so that what the automatic tree learnt
 * in one does not help the next. A failure ends the bench; what was measured before is reported with it.
 */
export async function runBench(
  bench: Bench,
  world: BenchWorld,
): Promise<{ report: BenchReport | null; failure: unknown }> {
  const { prompts, repeats, settings } = bench;
  const { signal, machine } = world;
  const pairs: Pair[][] = [];
  let info: ModelInfo | undefined;
  let failure: unknown = null;
  try {
    for (const contest of bench.contests) {
      if (signal.aborted) break;
      await using model = await world.load(bench.load);
      info ??= model.info;
      const mine: Pair[] = [];
      pairs.push(mine);
      for await (const pair of pairedRuns(
        model.generate,
        contest,
        prompts,
        repeats,
        settings,
        signal,
      )) {
        mine.push(pair);
        world.onPair();
      }
    }
  } catch (error) {
    failure = error;
  }
  if (info === undefined) return { report: null, failure };
  const ended = failure !== null ? 'failed' : signal.aborted ? 'interrupted' : 'complete';
  const measurements = { ended, info, machine, settings, prompts, repeats, pairs } as const;
  return { report: benchReport(measurements, world.random), failure };
}
