import type { DraftPositions } from '../../../contracts/load.ts';
import type { DraftObjective } from '../../../learn/draft/msd/draft-loss.ts';
import { defaultWarmup } from '../../../learn/optimise/rate.ts';
import type { DraftTraining } from '../draft-config.ts';
import type { MethodDefaults } from '../settled-training.ts';

const OBJECTIVE = { featureWeight: 1, tokenWeight: 0.1, depths: 1, depthDecay: 0.8 };
const DRAFT: { readonly positions: DraftPositions } = { positions: 'published' };

/** The published numbers. */
export const msdDefaults: MethodDefaults = {
  own: { draft: DRAFT, objective: OBJECTIVE },
  noise: { length: 512 },
  optimiser: { rate: 5e-5, clip: 0.5 },
  warmup: defaultWarmup,
  validation: { depths: 5, tree: [59, 5, 10], decode: 16, decodeAtEnd: 100 },
};

export const msdObjective = ({ draft, objective }: DraftTraining): DraftObjective => ({
  ...OBJECTIVE,
  ...objective,
  fusion: draft.fusion,
  placing: draft.positions ?? DRAFT.positions,
});
