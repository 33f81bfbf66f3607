import type { Tensor } from '../../src/contracts/session.ts';
import type { Learner, StepRun, StepSettings } from '../../src/learn/learner.ts';
import type { TorchLearner } from './torch-worker.ts';

export type Feeds = Readonly<Record<string, Tensor>>;

/** A batch as both sides read it. */
export interface BenchmarkBatch {
  readonly rate: number;
  /** Runs of our step, with feeds that no run has seen, as in training. */
  readonly runs: () => StepRun[];
  /** The very groups that these runs read, and the whole batch padded to its longest. */
  readonly grouped: readonly Feeds[];
  readonly padded: readonly Feeds[];
  /** Rows without padding, in the groups, and padded. */
  readonly rows: { readonly own: number; readonly grouped: number; readonly padded: number };
}

/** One training step to be timed: ours and PyTorch's from the same weights over the same batches. */
export interface Benchmark {
  readonly name: string;
  readonly batches: readonly BenchmarkBatch[];
  readonly learner: Learner;
  readonly settings: Pick<StepSettings, 'adam' | 'clip'>;
  readonly torch: Pick<TorchLearner, 'kind' | 'sizes' | 'frozen'>;
  /** What PyTorch begins with, frozen tables too. */
  readonly weights: Readonly<Record<string, Tensor>>;
  readonly dispose: () => Promise<void>;
}

/** Copies that the runtime has no view of yet. */
export const fresh = (feeds: Feeds): Feeds =>
  Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, { ...tensor }]));

/** Padded rows of groups. */
export const rowsOf = (groups: readonly Feeds[]): number =>
  groups.reduce((sum, { ids }) => sum + (ids as Tensor).data.length, 0);
