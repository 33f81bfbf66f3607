import { join } from 'node:path';
import type { DraftTraining } from '../draft/draft-config.ts';
import { type DraftGround, draftTrainingOn } from '../draft/open-draft-training.ts';
import type { Watcher } from '../loop/run-course.ts';
import { runTraining } from '../run-training.ts';
import { ARMS, type Arm } from './arms.ts';
import { type ArmLength, armLength, meanShare } from './budget.ts';

/** One training of an ablation. */
export interface ArmRun {
  readonly arm: Arm;
  readonly seed: number;
  readonly length: ArmLength;
  readonly dir: string;
  readonly config: DraftTraining;
}

/**
 * The trainings of an ablation: every arm at every seed, with the reply tokens that the two-stage arm of that seed
 * reads in `steps` steps. A seed gives all arms the same first weights.
 */
export function planArms(
  { material }: Pick<DraftGround, 'material'>,
  config: DraftTraining,
  { out, seeds, steps }: { out: string; seeds: number; steps: number },
): ArmRun[] {
  const { training } = material;
  const mixedShare = meanShare(steps, config.curriculum);
  return Array.from({ length: seeds }, (_, index) => config.seed + index).flatMap((seed) => {
    const seeded = { ...config, seed };
    const [both] = ARMS as [Arm];
    const { replyTokens: budget } = armLength(both, training, seeded, steps, 0);
    return ARMS.map((arm): ArmRun => {
      const length = armLength(arm, training, seeded, steps, budget);
      const name = `${arm.name.replaceAll(' ', '-')}-${seed}`;
      return {
        arm,
        seed,
        length,
        dir: join(out, 'runs', name),
        config: {
          ...seeded,
          steps: length.steps,
          draft: { ...config.draft, fusion: arm.fusion },
          curriculum: { ...config.curriculum, kind: arm.curriculum, mixedShare },
        },
      };
    });
  });
}

/** Trains what is not trained yet. Returns whether all are. */
export async function trainArms(
  ground: DraftGround,
  runs: readonly ArmRun[],
  { command, onRun }: { command: string; onRun: (run: ArmRun, index: number) => void },
  watcher: Watcher & { readonly onWarning: (message: string) => void },
): Promise<boolean> {
  for (const [index, run] of runs.entries()) {
    const training = await draftTrainingOn(ground, run.config);
    try {
      onRun(run, index);
      const { complete } = await runTraining(
        training,
        { out: run.dir, command, now: new Date(), onWarning: watcher.onWarning, onOpen: () => {} },
        watcher,
      );
      if (!complete) return false;
    } finally {
      await training.dispose();
    }
  }
  return true;
}
