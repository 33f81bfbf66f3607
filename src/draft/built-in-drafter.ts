import type { DraftConfig, DraftMethod, TensorRef, WeightRef } from '../contracts/checkpoint.ts';
import type { Drafter, DrafterContext } from '../contracts/drafter.ts';
import type { DraftPositions } from '../contracts/load.ts';
import type { Session } from '../contracts/session.ts';
import type { Graph } from '../graph/graph.ts';

/** What is known of a drafter of the library before it is opened, and how it opens. */
export type BuiltInDrafter = DrafterWithoutDraft | DrafterOfDrafts;

interface Known {
  /** What requests ask for it by. */
  readonly name: string;
  /** How it guesses, in the words of help. */
  readonly how: string;
  /** Whether it ever proposes more than the root. */
  readonly drafts: boolean;
}

/** One that needs the target alone. */
export interface DrafterWithoutDraft extends Known {
  readonly runs?: never;
  readonly open: (context: DrafterContext) => Drafter;
}

/** One that runs a draft which was trained for the target. */
export interface DrafterOfDrafts extends Known {
  /** The methods of the drafts that it runs. `auto` takes it for drafts of the first. */
  readonly runs: readonly [DraftMethod, ...DraftMethod[]];
  readonly open: (context: DrafterContext, draft: TrainedDraft) => Promise<Drafter>;
}

/** A draft's weights, the target's head, and what runs them. */
export interface TrainedDraft {
  readonly config: DraftConfig;
  readonly tensors: ReadonlyMap<string, TensorRef>;
  readonly head: WeightRef;
  readonly placing: DraftPositions;
  /** Sessions are disposed with the model. */
  readonly openSession: (graph: Graph) => Promise<Session>;
}
