import type { Bench, BenchWorld } from '../bench.ts';

/** A bench of nobody but us. */
export const ALONE: Pick<Bench, 'against' | 'contexts' | 'synthetic'> = {
  against: [],
  contexts: [],
  synthetic: null,
};

const unasked = async (): Promise<never> => {
  throw new Error('nobody asked for it');
};

/** Its world. */
export const NO_RIVALS: Pick<BenchWorld, 'residentBytes' | 'openPromptIds' | 'openRivals' | 'say'> =
  { residentBytes: () => 2 ** 30, openPromptIds: unasked, openRivals: unasked, say: () => {} };
