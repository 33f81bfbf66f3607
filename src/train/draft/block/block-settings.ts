import type { BlockObjective } from '../../../learn/draft/block/loss-shares.ts';
import type { DraftTraining } from '../draft-config.ts';
import type { MethodDefaults } from '../settled-training.ts';

const OBJECTIVE = {
  anchors: 12,
  crossEntropy: 0.1,
  totalVariation: 0.9,
  confidence: 0.2,
  warmShare: 0,
};
const DRAFT = { layers: 2, slots: 8, rank: 64 };
/** Of the steps. */
const WARMUP = 0.04;

export const blockDefaults: MethodDefaults = {
  own: { draft: DRAFT, objective: OBJECTIVE },
  noise: { length: 0 },
  optimiser: { rate: 6e-4, clip: 1 },
  warmup: (steps) => Math.round(WARMUP * steps),
  // As many dialogues at the end as before: the best of the run is published.
  validation: { depths: DRAFT.slots, tree: 8, decode: 32, decodeAtEnd: 32 },
};

/** The objective, and how many blocks stand in each dialogue. */
export const blockObjective = ({
  objective,
}: DraftTraining): BlockObjective & { readonly anchors: number } => ({
  ...OBJECTIVE,
  ...objective,
});

/** Sizes of a new draft that the target does not give. */
export const blockSizes = ({ draft }: DraftTraining): typeof DRAFT => ({ ...DRAFT, ...draft });
