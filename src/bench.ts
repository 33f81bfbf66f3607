import { runBench } from './evaluate/bench.ts';
import type { BenchReport } from './evaluate/bench-report.ts';
import type { BenchPlan } from './evaluate/plan-bench.ts';

export interface BenchOptions extends BenchPlan {
  /** Ends the bench with what was measured so far. */
  readonly signal?: AbortSignal;
  /** Told after each pair. */
  readonly onPair?: (done: number, total: number) => void;
  /** Told what `against` installs, in words. */
  readonly onInstall?: (line: string) => void;
}

/**
 * Measures drafters against plain decoding in interleaved pairs, and compares every answer token for token. Where it is
 * stopped or fails midway the report says so in `ended` and holds what was measured until then.
 *
 * @throws OptionError, PromptError, ImageError, ProgramError and what `load` throws, where nothing was measured
 */
export async function bench(options: BenchOptions = {}): Promise<BenchReport> {
  // It decodes pictures: who never measures loads no native package for it.
  const { planBench } = await import('./evaluate/plan-bench.ts');
  const { benchWorld, seededDraws } = await import('./evaluate/bench-world.ts');
  const plan = await planBench(options, seededDraws(1));
  const total = plan.variants.length * plan.prompts.length * plan.repeats;
  let done = 0;
  const { report, failure } = await runBench(
    plan,
    benchWorld({
      signal: options.signal ?? new AbortController().signal,
      onPair: () => options.onPair?.(++done, total),
      say: (line) => options.onInstall?.(line),
    }),
  );
  if (report === null) throw failure ?? options.signal?.reason;
  return report;
}
