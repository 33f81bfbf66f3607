import type { Learner, StepResult, StepRun } from '../../learn/learner.ts';
import type { AdamSettings } from '../../learn/optimise/adamw.ts';
import type { Place } from '../data/dialogue.ts';
import type { StepRecord, ValidationRecord } from '../run/records.ts';

/** What a step is about to do. */
export interface PreparedStep {
  readonly runs: readonly StepRun[];
  /** The dialogues of the batch, for messages about them. */
  readonly places: readonly Place[];
  /** What is to be written down of it, once it is done. */
  readonly describe: (result: StepResult) => StepFigures;
}

/** Figures of a step that only its course knows. */
type StepFigures = Omit<StepRecord, 'kind' | 'step' | 'learningRate' | 'gradNorm' | 'seconds'>;

/** How large a step is, known without computing anything. */
interface StepOutline {
  readonly replyTokens: number;
  /** Rows without padding. */
  readonly rows: number;
  /** Runs of the networks, one for each group. */
  readonly runs: number;
  /** Bytes of the largest run of each network: what it holds at once, and what it is fed besides weights. */
  readonly runBytes: Readonly<Record<string, number>>;
}

/** Something that is taught by steps: a draft, or a target. */
export interface Course {
  readonly steps: number;
  readonly learner: Learner;
  readonly adam: AdamSettings;
  readonly clip: number;
  /** Learning rate of a weight at a step counted from 0. */
  readonly rate: (weight: string, step: number) => number;
  /** The rate to write down. */
  readonly peakRate: (step: number) => number;
  readonly outline: (step: number) => StepOutline;
  /** A pure function of the step, counted from 0, and of nothing that came before. */
  readonly prepare: (step: number) => Promise<PreparedStep>;
  /** Judges the weights as they are; `last` may look more closely. */
  readonly validate: (
    last: boolean,
  ) => Promise<Omit<ValidationRecord, 'kind' | 'step' | 'seconds'>>;
  /** Which weights are published: those of the last step, or of the checkpoint that was judged best. */
  readonly publishes: 'last' | 'best';
  /** Writes what was learned, as a folder that serves. */
  readonly publish: (dir: string) => Promise<void>;
  readonly dispose: () => Promise<void>;
}
