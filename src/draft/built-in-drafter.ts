import type { DraftDescription } from '../contracts/block-draft.ts';
import type { DraftMethod, WeightRef } from '../contracts/checkpoint.ts';
import type { Drafter, DrafterContext, TextGuesses } from '../contracts/drafter.ts';
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

/** Guesses that cost no call, beside a draft. */
export interface GuessesBeside {
  readonly name: string;
  /** As a drafter says it. */
  readonly recycles: boolean;
  readonly open: (context: Pick<DrafterContext, 'imageTokenId' | 'recycled'>) => TextGuesses;
}

/** One that runs a draft which was trained for the target. */
export interface DrafterOfDrafts<Method extends DraftMethod = DraftMethod> extends Known {
  /** The methods of the drafts that it runs. `auto` takes it for drafts of the first. */
  readonly runs: readonly [Method, ...Method[]];
  /** A method, so that a row may ask for drafts of its own methods alone: it is given no others. */
  open(context: DrafterContext, draft: DraftOf<Method>, openSession: OpenSession): Promise<Drafter>;
}

/** Sessions are disposed with the model. */
export type OpenSession = (graph: Graph) => Promise<Session>;

/** A draft's weights, and what it borrows of its target. */
export type TrainedDraft = DraftDescription & {
  readonly tensors: ReadonlyMap<string, WeightRef>;
  /** The target's table of words, which block drafts read. */
  readonly embedding: WeightRef; // [V, H]
  readonly head: WeightRef; // [V, H]
  readonly placing: DraftPositions;
};

/** One of some methods. */
export type DraftOf<Method extends DraftMethod> = Method extends 'block'
  ? Extract<TrainedDraft, { method: 'block' }>
  : Exclude<TrainedDraft, { method: 'block' }>;
