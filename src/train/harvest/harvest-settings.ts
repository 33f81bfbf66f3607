import type { Sampling } from '../../contracts/generate.ts';

/** What decides the words of a harvest, besides model and data. */
export interface HarvestSettings {
  /** Of every dialogue, the user's first turn alone or all of them, each after the target's own earlier answers. */
  readonly turns: 'first' | 'all';
  /** `seed` is the run's; each answer's own is `turnSeed`. */
  readonly sampling: Sampling;
  /** Most tokens of an answer, end token included. */
  readonly maxTokens: number;
  /** End a dialogue before an answer that was cut at its most tokens, instead of keeping it, marked. */
  readonly dropCut: boolean;
  /** End a dialogue before an answer that goes round in circles (`loopStart`). */
  readonly dropLoops: boolean;
}
