import type { DraftConfig, TensorRef } from '../../contracts/checkpoint.ts';
import type { Host } from '../../engine/host.ts';
import type { Model } from '../../engine/model.ts';
import type { Material } from '../data/read-material.ts';
import type { FeatureSource } from '../features/feature-source.ts';
import type { Learner } from '../network/learner.ts';
import type { DraftTraining } from './draft-config.ts';

/** What the training of a draft works with. */
export interface DraftSetup {
  readonly host: Host;
  readonly model: Model;
  readonly tables: { readonly embedding: TensorRef; readonly head: TensorRef };
  readonly featureSource: FeatureSource;
  readonly material: Pick<Material, 'training' | 'validation'>;
  readonly draft: DraftConfig;
  readonly learner: Learner;
  readonly config: DraftTraining;
  readonly steps: number;
}
