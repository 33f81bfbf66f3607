import type { Product, TensorRef } from '../contracts/checkpoint.ts';
import type { DecodeImage } from '../contracts/image.ts';
import type { ConvertedPrecision } from '../contracts/load.ts';
import type { ModelFolder } from '../contracts/model-folder.ts';
import type { TextReader } from '../contracts/reading.ts';
import type { Session } from '../contracts/session.ts';
import type { MeasuredCosts } from '../decode/costs.ts';
import type { DraftFiles } from '../families/read-any-draft.ts';
import type { TargetFiles } from '../families/read-target.ts';
import type { Graph } from '../graph/graph.ts';

/** What the engine needs from the machine that it runs on. Node's is in `node/`; a browser brings its own. */
export interface Host {
  /** Milliseconds, from any zero. */
  readonly clock: () => number;
  /**
   * Lets messages of the thread in, as that a request is cancelled; awaited between two units of work. Promises alone
   * let none in.
   */
  readonly letMessagesIn: () => Promise<void>;
  /** The date, for chat templates that write it. */
  readonly now: () => Date;
  readonly modelFolder: (dir: string) => ModelFolder;
  /** Folder of a table of recycled tokens for a tokenizer (`tokenizerIdentity`), where the program brings one. Absent: it brings none. */
  readonly ownTable?: (tokenizer: string) => string | undefined;
  /**
   * Looks at what is about to be bound.
   * @param draft what comes with it; its headers alone were read
   * @throws MemoryError where the machine has no room for both, NonFiniteWeightError
   */
  readonly checkTarget: (
    dir: string,
    target: Pick<TargetFiles, 'config' | 'tensors'>,
    draft: DraftFiles | null,
  ) => Promise<void>;
  /**
   * Looks at the weights of a draft.
   * @throws NonFiniteWeightError
   */
  readonly checkDraft: (draft: Pick<DraftFiles, 'tensors'>) => Promise<void>;
  /**
   * The same tensors, of the model in `dir`, matrices of the given products in these forms, those of one product side by
   * side. Weights are checked as they are read.
   */
  readonly convert: (
    dir: string,
    tensors: ReadonlyMap<string, TensorRef>,
    products: ReadonlyMap<ConvertedPrecision, readonly Product[]>,
  ) => Promise<ReadonlyMap<string, TensorRef>>;
  readonly openSession: (graph: Graph) => Promise<Session>;
  readonly decodeImage: DecodeImage;
  /** The reader of text in pictures, which the engine disposes. Absent where there is none: requests for it are refused. */
  readonly openReader?: () => Promise<TextReader>;
  /** Makes a check, unless it was passed before on this machine and runtime. Absent: it is made at every load. */
  readonly passedOnce?: (check: string, run: () => Promise<boolean>) => Promise<boolean>;
  /** Costs measured before, for this machine and model; those of a busy moment for a minute. */
  readonly readCosts: (key: string) => Promise<MeasuredCosts | undefined>;
  readonly writeCosts: (key: string, measured: MeasuredCosts) => Promise<void>;
}
