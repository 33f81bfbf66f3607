import type { ByKind } from './data/read-material.ts';
import { createTakeStep } from './loop/take-step.ts';
import type { Training } from './training.ts';

/** What a training will do, and what it costs. */
export interface TrainingPlan {
  readonly training: DataPlan;
  readonly validation: DataPlan;
  /** Records and dialogues that are left out. */
  readonly leftOut: number;
  readonly steps: number;
  /** Of the whole run; estimated from a part of its steps if `exact` is false. */
  readonly replyTokens: number;
  readonly rows: number;
  readonly exact: boolean;
  readonly memory: MemoryPlan;
  /** Measured. */
  readonly secondsPerStep: number;
  readonly measuredSteps: number;
  readonly validations: number;
  /** Measured once; the last validation may decode more dialogues. */
  readonly secondsPerValidation: number;
}

/** Bytes at the peak. */
export interface MemoryPlan {
  /** The process before its first step but for what stands below: target, data, sessions. */
  readonly base: number;
  readonly weights: number;
  readonly moments: number;
  /**
   * Gradients as JavaScript holds them: zeros to begin with, and the binding's copy after each run of a step, as the
   * garbage collector may come only later.
   */
  readonly gradients: number;
  /** Features of the target, as many as are kept in memory. */
  readonly features: number;
  /**
   * What the networks compute, gradients included, and are fed: the largest run of each, as each keeps its memory for
   * the next.
   */
  readonly networks: number;
  readonly peak: number;
}

export interface DataPlan {
  readonly text: number;
  readonly visual: number;
  readonly tokens: number;
  readonly replyTokens: number;
}

/** Most steps whose outlines are added up one by one. */
const OUTLINED = 20_000;
/** Places of the run, from 0 to 1, at which a step is measured: early text is short, late pictures are long. */
const MEASURED_AT = [0, 0.25, 0.5, 0.75, 1];

/** Adds up a training and measures some of its steps and a validation. Nothing is written; the weights in memory are changed. */
export async function planTraining(
  { course, pace, material, facts, featureBytes }: Training,
  { clock, memory }: { clock: () => number; memory: () => number },
): Promise<TrainingPlan> {
  const { steps } = course;
  const before = memory();
  const stride = Math.ceil(steps / OUTLINED);
  let [replyTokens, rows, outlined, runs] = [0, 0, 0, 0];
  const largest: Record<string, number> = {};
  for (let step = 0; step < steps; step += stride) {
    const outline = course.outline(step);
    replyTokens += outline.replyTokens;
    rows += outline.rows;
    runs = Math.max(runs, outline.runs);
    for (const [network, bytes] of Object.entries(outline.runBytes)) {
      largest[network] = Math.max(largest[network] ?? 0, bytes);
    }
    outlined++;
  }
  const scale = steps / outlined;
  const measured = await measureSteps(course, clock);
  const began = clock();
  await course.validate(false);
  const secondsPerValidation = (clock() - began) / 1000;
  return {
    training: dataPlan(material.training),
    validation: dataPlan(material.validation),
    leftOut: material.problems.length + material.tooLong.length,
    steps,
    replyTokens: Math.round(replyTokens * scale),
    rows: Math.round(rows * scale),
    exact: stride === 1,
    memory: memoryPlan({
      before,
      weights: 4 * facts.parameters,
      features: featureBytes,
      runs,
      largest,
    }),
    ...measured,
    validations: 1 + Math.ceil(steps / pace.validateEvery), // before the first step too
    secondsPerValidation,
  };
}

function memoryPlan({
  before,
  weights,
  features,
  runs,
  largest,
}: {
  before: number;
  weights: number;
  features: number;
  runs: number;
  largest: Readonly<Record<string, number>>;
}): MemoryPlan {
  const moments = 2 * weights;
  const gradients = (1 + runs) * weights;
  const base = Math.max(0, before - weights - moments);
  const networks = Object.values(largest).reduce((sum, bytes) => sum + bytes, 0);
  const peak = base + weights + moments + gradients + features + networks;
  return { base, weights, moments, gradients, features, networks, peak };
}

async function measureSteps(course: Training['course'], clock: () => number) {
  const take = createTakeStep(course);
  const { steps } = course;
  const at = MEASURED_AT.map((part) => Math.round(part * (steps - 1)));
  let seconds = 0;
  for (const [index, step] of [0, ...at].entries()) {
    const began = clock();
    await take(step);
    if (index > 0) seconds += (clock() - began) / 1000; // the first makes memory ready
  }
  return { secondsPerStep: seconds / at.length, measuredSteps: at.length };
}

function dataPlan({ text, visual }: ByKind): DataPlan {
  const dialogues = [...text, ...visual].map(({ tokens }) => tokens);
  return {
    text: text.length,
    visual: visual.length,
    tokens: dialogues.reduce((sum, { ids }) => sum + ids.length, 0),
    replyTokens: dialogues.reduce((sum, { reply }) => sum + reply.reduce((a, b) => a + b, 0), 0),
  };
}
