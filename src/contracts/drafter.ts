import type { AxisPositions } from './messages.ts';
import type { VisualRows } from './rows.ts';
import type { Likely, RowsRef, Target } from './target.ts';

/** Size of a draft tree. The paper's is 59 / 5 / 10. */
export interface TreeShape {
  /** Most nodes, root included: at most 64, as a step has. */
  readonly total: number;
  /** Draft passes after the first level, so a tree has at most depth + 1 drafted levels. */
  readonly depth: number;
  /** Candidates per node and width of the beam. */
  readonly topK: number;
}

/** What a request may ask for: a shape, so many rows grown best first, or what pays. */
export type TreeChoice = TreeShape | number | 'auto';

/** Tokens that may follow the committed text. Node 0 is the root; parents precede their children. */
export interface DraftTree {
  readonly tokens: Int32Array; // [n]
  readonly parents: Int32Array; // [n], -1 at the root
  readonly depths: Int32Array; // [n], 0 at the root
  /** Joint log-probability of each node by the draft, where it tells: never above the parent's. */
  readonly scores?: Float32Array; // [n], 0 at the root
  /** How surely, by the draft, the token behind each node is the one that it says; 0 where it says none. */
  readonly confidences?: Float32Array; // [n]
}

/**
 * What the draft reads at positions p: the next token x[p+1] and the target's feature f[p] (paper section 3.2), which
 * lies in a pass of the target.
 */
export interface DraftRows extends TokenRows {
  readonly next: Int32Array; // [n]
  readonly from: RowsRef;
  /** Rows of `from` that hold the features. */
  readonly at: Int32Array; // [n]
  /** The same of the tokens at p themselves, whose features these are. Only block drafts read it. Default: words. */
  readonly own?: TokenRows;
}

/** What rows say of their tokens: of the next ones, if nothing else is said. */
export interface TokenRows {
  /** Projected embeddings of those that are visual. */
  readonly visual?: VisualRows;
  /** Where the target has them. Only drafters that turn by M-RoPE read it. */
  readonly positions?: AxisPositions;
}

/** One sequence in a drafter; its cache has one row per committed target row. */
export interface DraftState {
  readonly length: number;
  truncate(length: number): void;
  /** A state of its own that has read the first `length` rows too. Absent where states are not copied. */
  copy?(length: number): DraftState;
  dispose(): void;
}

/** What one sequence needs of its drafter: rows to be read, and a tree to be grown after them. */
export interface DraftJob {
  readonly state: DraftState;
  readonly rows: readonly DraftRows[];
  /** A tree below `root`, the newest token, which the last row that was read announced as its next token. */
  readonly grow?: Growth;
}

/** The tree that is wanted. */
interface Growth extends Hints {
  readonly root: number;
  readonly shape: TreeShape;
}

/** What an answer may name that the text before it does not lead to. */
export interface Names {
  /** Words of pictures that the question may ask for, then names of what pictures show; in tokens as inside an answer, likeliest first. */
  readonly names: readonly Int32Array[];
  /** Whether any of them says what a picture shows: answers about that begin otherwise than others. */
  readonly shown: boolean;
}

export interface Named extends Names {
  /** Tokens of the answer so far, the root included. */
  readonly written: number;
}

/** What a request tells of what may be written, beside its text. */
export interface Hints {
  /** Tokens that may be written, as the request foretells them: some of the prompt's last ones, then those. */
  readonly prediction?: Int32Array | undefined;
  /** Of a prompt with pictures. */
  readonly named?: Named | undefined;
}

/** Guesses from a text alone, which cost no call. */
export interface TextGuesses {
  /** Tokens of the text so far. */
  readonly length: number;
  push(token: number): void;
  truncate(length: number): void;
  /** What may follow the text; the root alone where it ends in another token. */
  grow(growth: Growth): DraftTree;
}

export interface Drafter {
  /** What requests ask for it by. */
  readonly name: string;
  /** Whether it ever proposes more than the root. One that does not is left out of the loop. */
  readonly drafts: boolean;
  /** Whether its trees cost calls of a network, as `Costs.draftLevel` counts them. */
  readonly isNetwork: boolean;
  /** Whether it guesses by what the target held likely of late, which then is kept (`DrafterContext.recycled`). */
  readonly recycles?: boolean;
  /** Of a network: whether a tree takes a call to read and one for each level below its first (default), or one in all. */
  readonly calls?: 'level' | 'round';
  open(): DraftState;
  /**
   * Jobs of any number of sequences, each in one job at most; their trees, in order, null where none is grown. A tree
   * depends on its own job alone, in every bit. A growing tree leaves its state as it was.
   * @throws NonFiniteFeatureError if a number of any job is not finite; no state has read anything then
   */
  run(jobs: readonly DraftJob[]): Promise<(DraftTree | null)[]>;
}

/** What a drafter of your own is made from. */
export interface DrafterContext {
  readonly target: Pick<Target, 'hiddenSize' | 'vocabSize' | 'read'>;
  /** Placeholder id of pictures, where the target reads any: it is never to be proposed. */
  readonly imageTokenId: number | undefined;
  /** What the target held likely of late, if a drafter that is open recycles it. */
  readonly recycled: RecycledTokens;
}

/** What the target itself held likely behind some tokens when it stood there before, in any answer. */
export interface RecycledTokens {
  /** Row `row` of `likely` is what follows these tokens, of which the last three are looked at. */
  learn(ending: readonly number[], likely: Likely, row: number): void;
  /** What may follow a text that ends so, likeliest first: as behind its last three tokens, two and one. */
  after(ending: readonly number[]): readonly LikelyToken[];
  /** As if nothing had been seen since the model was loaded. */
  forget(): void;
}

/** A token that may follow, and how likely that is. */
export interface LikelyToken {
  readonly token: number;
  readonly chance: number;
}

/** The same, with the model's other drafters: one of your own may ask them. */
export interface OwnDrafterContext extends DrafterContext {
  /**
   * A drafter by its name; `auto` is the one that the loaded draft was made for.
   * @throws DrafterUnavailableError
   */
  readonly open: (name: string) => Promise<Drafter>;
}

/** Makes a drafter of your own for a loaded target, when a request first asks for it. */
export type CreateDrafter = (context: OwnDrafterContext) => Drafter | Promise<Drafter>;
