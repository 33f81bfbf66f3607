import type { DraftConfig } from '../../contracts/checkpoint.ts';
import type { Host } from '../../engine/host.ts';
import type { Model } from '../../engine/model.ts';
import type { DraftWeights } from '../../learn/draft/draft-learning.ts';
import type { DraftObjective } from '../../learn/draft/draft-loss.ts';
import type { Learner } from '../../learn/learner.ts';
import type { Material } from '../data/read-material.ts';
import type { FeatureSource } from '../features/feature-source.ts';
import type { DraftTraining } from './draft-config.ts';

/** What the training of a draft works with. */
export interface DraftSetup {
  readonly host: Host;
  readonly model: Model;
  /** The draft's tensors, of which those in memory learn, and the target's head. */
  readonly weights: DraftWeights;
  readonly objective: DraftObjective;
  readonly featureSource: FeatureSource;
  readonly material: Pick<Material, 'training' | 'validation'>;
  readonly draft: DraftConfig;
  readonly learner: Learner;
  readonly config: DraftTraining;
  readonly steps: number;
}
