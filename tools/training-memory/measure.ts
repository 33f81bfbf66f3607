/** One process of `bench:memory`: plans a training, or takes its steps, and writes the peak as JSON. */
import { draftConfigSchema } from '../../src/train/draft/draft-config.ts';
import { openDraftTraining } from '../../src/train/draft/open-draft-training.ts';
import { createTakeStep } from '../../src/train/loop/take-step.ts';
import { planTraining } from '../../src/train/plan-training.ts';
import { openTargetTraining } from '../../src/train/target/open-target-training.ts';
import { targetConfigSchema } from '../../src/train/target/target-config.ts';

export interface Job {
  readonly trains: 'draft' | 'target';
  readonly config: Readonly<Record<string, unknown>>;
}

export interface Figures {
  /** What the plan says, or the most that the process held. */
  readonly peakBytes: number;
  readonly stepMs: number;
}

const job: Job & { mode: 'plan' | 'train'; out: string } = JSON.parse(process.argv[2] as string);
const training =
  job.trains === 'draft'
    ? await openDraftTraining(draftConfigSchema.parse(job.config), () => {})
    : await openTargetTraining(targetConfigSchema.parse(job.config), job.out);
const clock = () => performance.now();

let figures: Figures;
if (job.mode === 'plan') {
  const memory = () => process.memoryUsage.rss();
  const plan = await planTraining(training, { clock, memory });
  figures = { peakBytes: plan.memory.peak, stepMs: plan.secondsPerStep * 1000 };
} else {
  const { course } = training;
  const take = createTakeStep(course);
  await course.validate(false);
  const times: number[] = [];
  for (let step = 0; step < course.steps; step++) {
    const before = clock();
    await take(step);
    times.push(clock() - before);
  }
  times.sort((a, b) => a - b);
  const { maxRSS } = process.resourceUsage(); // KiB
  figures = { peakBytes: maxRSS * 1024, stepMs: times[times.length >> 1] as number };
}
await training.dispose();
process.stdout.write(JSON.stringify(figures));
