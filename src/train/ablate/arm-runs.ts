import { join } from 'node:path';
import type { DraftTraining } from '../draft/draft-config.ts';
import type { DraftGround } from '../draft/open-draft-training.ts';
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
