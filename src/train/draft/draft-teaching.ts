import type { TensorRef } from '../../contracts/checkpoint.ts';
import type { Drafter } from '../../contracts/drafter.ts';
import type { Rows, VisualRows } from '../../contracts/rows.ts';
import type { StepRun } from '../../learn/learner.ts';
import type { TokenisedDialogue } from '../data/dialogue.ts';
import type { Course } from '../loop/course.ts';
import type { StepRecord, ValidationFigures } from '../run/records.ts';

/** What a kind of draft brings to its training: its network, and how that is fed, judged, run and written down. */
export interface DraftTeaching {
  /** What learns, by its tensors' names. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** Tensors in files that are none of the target's. */
  readonly reads: readonly TensorRef[];
  readonly hiddenSize: number;
  /** @param done part of the run that is done, from 0 to 1 */
  readonly prepare: (examples: readonly DraftLesson[], done: number) => PreparedLesson;
  /** The size of a step, without computing anything. Places are as in `DraftLesson`. */
  readonly outline: (dialogues: readonly TokenisedDialogue[], place: number) => LessonOutline;
  /** Looks at held-out dialogues, the first of them at a place among all. */
  readonly judge: (examples: readonly DraftLesson[]) => Promise<DraftTally>;
  readonly openDrafter: () => Promise<OpenDrafter>;
  readonly publishes: Course['publishes'];
  /** Writes the draft, as a folder that serves. */
  readonly publish: (dir: string) => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** A dialogue that a draft learns from, and what the target makes of it. */
export interface DraftLesson {
  readonly dialogue: TokenisedDialogue;
  /** In the run: step · batch + place in the batch; of held-out dialogues their index. */
  readonly place: number;
  /** The target's features, as judged and as read (noise added). */
  readonly features: Rows; // [n, H]
  readonly read: Float32Array; // [n, H]
  readonly visual?: VisualRows;
}

interface PreparedLesson {
  readonly runs: readonly StepRun[];
  /** Rows of the network without padding. */
  readonly rows: number;
  /** What is to be written down, of the sums of the runs. */
  readonly describe: (sums: Readonly<Record<string, number>>) => LessonFigures;
}

type LessonFigures = Pick<StepRecord, 'loss' | 'tokenLoss' | 'agreement'> &
  Partial<Pick<StepRecord, 'featureLoss' | 'variation' | 'confidenceLoss'>>;

interface LessonOutline {
  readonly rows: number;
  readonly runs: number;
  /** Bytes of the largest run. */
  readonly runBytes: number;
}

/** Losses that validations tell of. */
export const LOSS_NAMES = [
  'loss',
  'featureLoss',
  'tokenLoss',
  'variation',
  'confidenceLoss',
] as const satisfies readonly (keyof ValidationFigures)[];

/** Sums over what was judged. */
export interface DraftTally {
  readonly dialogues: number;
  /** Weights of what was judged, and losses times these. */
  readonly weight: number;
  readonly losses: Readonly<Partial<Record<(typeof LOSS_NAMES)[number], number>>>;
  /** By depth. */
  readonly rows: readonly number[];
  readonly agreeing: readonly number[];
}

/** A draft that decodes with the weights that it has now, wherever they are. */
export interface OpenDrafter {
  readonly drafter: Drafter;
  readonly dispose: () => Promise<void>;
}
