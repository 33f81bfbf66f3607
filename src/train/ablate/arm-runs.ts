import { join } from 'node:path';
import { ConfigError } from '../../contracts/errors.ts';
import type { ByKind } from '../data/read-material.ts';
import type { DraftTraining } from '../draft/draft-config.ts';
import { forMethod } from '../draft/draft-methods.ts';
import type { DraftContext } from '../draft/open-draft-training.ts';
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

/** So that one of them stands where the last fifth begins. */
const VALIDATIONS = 20;

/**
 * The trainings of an ablation: every arm at every seed, with the reply tokens that the two-stage arm of that seed
 * reads in `steps` steps. A seed gives all arms of a method the same first weights, and an arm takes of the settings
 * those that its method has. Held-out dialogues are decoded after a training,
 * not on its way; their loss is looked at twenty times unless the config says how often.
 * @throws ConfigError where the dialogues are all with pictures, or all without
 */
export function planArms(
  { material }: Pick<DraftContext, 'material'>,
  config: DraftTraining,
  { out, seeds, steps }: { out: string; seeds: number; steps: number },
): ArmRun[] {
  const { training, validation } = material;
  refuseLack('data.train', training);
  refuseLack('data.validation', validation);
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
          ...forMethod(seeded, arm.method ?? 'msd', arm.fusion),
          steps: length.steps,
          curriculum: { ...config.curriculum, kind: arm.curriculum, mixedShare },
          validation: {
            ...config.validation,
            every: config.validation.every ?? Math.max(1, Math.floor(length.steps / VALIDATIONS)),
            decode: 0,
            decodeAtEnd: 0,
          },
        },
      };
    });
  });
}

function refuseLack(key: string, { text, visual }: ByKind): void {
  if (text.length > 0 && visual.length > 0) return;
  const lack = text.length === 0 ? 'without' : 'with';
  throw new ConfigError(
    key,
    `an ablation needs dialogues with and without pictures, and there are none ${lack}; add some.`,
  );
}
