/** Takes the steps of a benchmark side by side in time, and compares them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { floatTensor } from '../../src/contracts/session.ts';
import { uniform } from '../../src/decode/uniform.ts';
import { bootstrap, type Interval } from '../../src/evaluate/bootstrap.ts';
import { median } from '../../src/evaluate/spread.ts';
import { createStep } from '../../src/learn/learner.ts';
import type { Benchmark, BenchmarkBatch, Feeds } from './benchmark.ts';
import { writeTensorFile } from './tensor-file.ts';
import type { Taken, TorchWays, TorchWorker } from './torch-worker.ts';

/** PyTorch on the whole batch padded to its longest, and on the groups that ours runs. */
export const VARIANTS = ['padded', 'grouped'] as const;
type Variant = (typeof VARIANTS)[number];

export interface Outcome {
  readonly benchmark: string;
  readonly threads: number;
  readonly variant: Variant;
  /** How PyTorch computed. */
  readonly ways: readonly string[];
  readonly steps: number;
  /** Medians. */
  readonly ours: number;
  readonly torch: number;
  /** Ratio of the medians. */
  readonly ratio: number;
  /** The same of processor time, which a busy machine disturbs less. */
  readonly cpuRatio: number;
  readonly interval: Interval | null;
  /** Largest relative differences of losses and of gradient norms over the steps. */
  readonly lossApart: number;
  readonly normApart: number;
  /** Largest difference of a weight after all steps. */
  readonly weightsApart: number;
  /** Rows per step: without padding, and as each side computes them. */
  readonly rows: { readonly own: number; readonly ours: number; readonly torch: number };
}

/** A way to compute, and the process that does. */
interface Entrant extends TorchWays {
  readonly worker: TorchWorker;
}

function entrantsOf(workers: readonly TorchWorker[]): Entrant[] {
  return workers.flatMap((worker) =>
    (['sdpa', 'eager'] as const).flatMap((attention) =>
      (['fused', 'foreach'] as const).map((update) => ({ worker, attention, update })),
    ),
  );
}

/** Steps of each way, of which the first is not counted. */
const TRIALS = 6;
/** Until threads that wait for work have gone to sleep, on either side. */
const REST_MS = 10;
const SEED = 0;

/** @param workers processes of PyTorch, of which each variant takes the one that serves it best */
export async function race(
  benchmark: Benchmark,
  workers: readonly TorchWorker[],
  { threads, passes }: { threads: number; passes: number },
): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), 'torch-bench-'));
  try {
    const weights = join(folder, 'weights');
    writeTensorFile(weights, benchmark.weights);
    for (const [index, batch] of benchmark.batches.entries()) {
      for (const variant of VARIANTS) {
        const files = writeGroups(batch[variant], join(folder, nameOf(variant, index)));
        for (const worker of workers) await worker.load(nameOf(variant, index), files);
      }
    }
    const open = ({ worker, attention, update }: Entrant, name: string) => {
      const optimiser = { ...benchmark.settings.adam, clip: benchmark.settings.clip };
      return worker.open({ name, weights, optimiser, ...benchmark.torch, attention, update });
    };
    const entrants = entrantsOf(workers);
    const chosen = {
      padded: await fastest(benchmark, entrants, 'padded', open),
      grouped: await fastest(benchmark, entrants, 'grouped', open),
    };
    for (const variant of VARIANTS) await open(chosen[variant], variant);
    const taken = await takeTurns(benchmark, chosen, passes);
    const learned = join(folder, 'learned');
    writeTensorFile(learned, learnedTensors(benchmark));
    const outcomes: Outcome[] = [];
    for (const variant of VARIANTS) {
      const { worker, attention, update } = chosen[variant];
      const ways = [attention, update, ...(threads > 1 ? [worker.wait] : [])];
      const weightsApart = await worker.apart(variant, learned);
      outcomes.push({ ...compare(benchmark, taken, variant), threads, ways, weightsApart });
    }
    return outcomes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What ours has learned, in the shapes of what both began with. */
const learnedTensors = ({ learner, weights }: Benchmark): Feeds =>
  Object.fromEntries(
    [...learner.weights].map(([name, data]) => {
      const { shape } = weights[name] as Feeds[string];
      return [name, floatTensor(data, shape)];
    }),
  );

const nameOf = (variant: Variant, batch: number) => `${variant} ${batch}`;

function writeGroups(groups: readonly Feeds[], path: string): string[] {
  return groups.map((feeds, group) => {
    const file = `${path} ${group}`;
    writeTensorFile(file, feeds);
    return file;
  });
}

/** The entrant that takes a variant's steps fastest, all tried in turns. */
async function fastest(
  { batches }: Benchmark,
  entrants: readonly Entrant[],
  variant: Variant,
  open: (entrant: Entrant, name: string) => Promise<void>,
): Promise<Entrant> {
  const name = ({ attention, update }: Entrant) => `${variant} ${attention} ${update}`;
  for (const entrant of entrants) await open(entrant, name(entrant));
  const times = entrants.map((): number[] => []);
  for (let trial = 0; trial < TRIALS; trial++) {
    for (const [index, entrant] of entrants.entries()) {
      const batch = nameOf(variant, trial % batches.length);
      await pause(REST_MS);
      const { ms } = await entrant.worker.step(name(entrant), batch, 0);
      if (trial > 0) times[index]?.push(ms);
    }
  }
  const medians = times.map(median);
  return entrants[medians.indexOf(Math.min(...medians))] as Entrant;
}

/** What each side made of a step; the index of its batch. */
interface Turn {
  readonly batch: number;
  readonly ours: Taken;
  readonly padded: Taken;
  readonly grouped: Taken;
}

const SIDES = ['ours', ...VARIANTS] as const;

/** Every batch in turn; who goes first changes from step to step. The first step is not counted. */
async function takeTurns(
  benchmark: Benchmark,
  torch: Readonly<Record<Variant, Entrant>>,
  passes: number,
): Promise<Turn[]> {
  const step = createStep(benchmark.learner);
  const take = async (side: (typeof SIDES)[number], index: number): Promise<Taken> => {
    const { rate, runs } = benchmark.batches[index] as BenchmarkBatch;
    await pause(REST_MS);
    if (side !== 'ours') return torch[side].worker.step(side, nameOf(side, index), rate);
    const given = runs();
    const [start, before] = [performance.now(), process.cpuUsage()];
    const { sums, gradNorm } = await step(given, { ...benchmark.settings, rate: () => rate });
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    return { ms, cpuMs: (user + system) / 1000, loss: sums.loss as number, norm: gradNorm };
  };
  const turns: Turn[] = [];
  for (let count = 0; count < passes * benchmark.batches.length; count++) {
    const batch = count % benchmark.batches.length;
    const taken: Partial<Record<(typeof SIDES)[number], Taken>> = {};
    for (let place = 0; place < SIDES.length; place++) {
      const side = SIDES[(place + count) % SIDES.length] as (typeof SIDES)[number];
      taken[side] = await take(side, batch);
    }
    turns.push({ batch, ...(taken as Omit<Turn, 'batch'>) });
  }
  return turns;
}

function compare(benchmark: Benchmark, taken: readonly Turn[], variant: Variant) {
  const counted = taken.slice(1);
  const middle = (side: 'ours' | Variant, of: 'ms' | 'cpuMs', turns: readonly Turn[] = counted) =>
    median(turns.map((turn) => turn[side][of]));
  const ratioOf = (turns: readonly Turn[]) =>
    middle('ours', 'ms', turns) / middle(variant, 'ms', turns);
  const byBatch = benchmark.batches.map((_, batch) =>
    [...counted.keys()].filter((turn) => counted[turn]?.batch === batch),
  );
  const turnsAt = (places: readonly number[]) => places.map((place) => counted[place] as Turn);
  let draws = 0;
  const apart = (of: 'loss' | 'norm') =>
    Math.max(...taken.map((turn) => Math.abs(turn.ours[of] / turn[variant][of] - 1)));
  const mean = (of: keyof BenchmarkBatch['rows']) =>
    benchmark.batches.reduce((sum, { rows }) => sum + rows[of], 0) / benchmark.batches.length;
  return {
    benchmark: benchmark.name,
    variant,
    steps: counted.length,
    ours: middle('ours', 'ms'),
    torch: middle(variant, 'ms'),
    ratio: ratioOf(counted),
    cpuRatio: middle('ours', 'cpuMs') / middle(variant, 'cpuMs'),
    interval: bootstrap(
      byBatch,
      (places) => ratioOf(turnsAt(places)),
      () => uniform(SEED, draws++),
    ),
    lossApart: apart('loss'),
    normApart: apart('norm'),
    rows: { own: mean('own'), ours: mean('grouped'), torch: mean(variant) },
  };
}
