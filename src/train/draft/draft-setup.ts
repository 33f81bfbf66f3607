import type { Host } from '../../engine/host.ts';
import type { Model } from '../../engine/model.ts';
import type { Material } from '../data/read-material.ts';
import type { FeatureSource } from '../features/feature-source.ts';
import type { SettledTraining } from './settled-training.ts';

/** What the training of a draft works with. */
export interface DraftSetup {
  readonly host: Host;
  readonly model: Model;
  readonly featureSource: FeatureSource;
  readonly material: Pick<Material, 'training' | 'validation'>;
  readonly config: SettledTraining;
}
