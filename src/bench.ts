import { uniform } from './decode/uniform.ts';
import { runBench } from './evaluate/bench.ts';
import type { BenchReport } from './evaluate/bench-report.ts';
import { readMachine } from './evaluate/machine.ts';
import type { BenchPlan } from './evaluate/plan-bench.ts';
import { load } from './load.ts';

export interface BenchOptions extends BenchPlan {
  /** Ends the bench with what was measured so far. */
  readonly signal?: AbortSignal;
  /** Told after each pair. */
  readonly onPair?: (done: number, total: number) => void;
}

/**
 * Measures drafters against plain decoding in interleaved pairs, and compares every answer token for token. Where it is
 * stopped or fails midway the report says so in `ended` and holds what was measured until then.
 *
 * @throws OptionError, PromptError, ImageError and what `load` throws, where nothing was measured
 */
export async function bench(options: BenchOptions = {}): Promise<BenchReport> {
  // It decodes pictures: who never measures loads no native package for it.
  const { planBench } = await import('./evaluate/plan-bench.ts');
  const plan = await planBench(options);
  const total = plan.contests.length * plan.prompts.length * plan.repeats;
  let [draws, done] = [0, 0];
  const { report, failure } = await runBench(plan, {
    load,
    machine: readMachine(),
    random: () => uniform(0, draws++),
    signal: options.signal ?? new AbortController().signal,
    onPair: () => options.onPair?.(++done, total),
  });
  if (report === null) throw failure ?? options.signal?.reason;
  return report;
}
