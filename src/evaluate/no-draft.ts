import type { ModelInfo } from '../contracts/load.ts';

/** Why a model runs without a draft. */
export const noDraft = ({ refusedDraft }: Pick<ModelInfo, 'refusedDraft'>): string =>
  refusedDraft === undefined ? 'none' : `none: the given one is made for ${refusedDraft}`;
