import type { DraftConfig, TargetConfig, TensorRef } from '../contracts/checkpoint.ts';
import type { DecodeImage } from '../contracts/image.ts';
import type { Session } from '../contracts/session.ts';
import type { Costs } from '../decode/costs.ts';
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
  readonly readTarget: (dir: string) => Promise<TargetFiles>;
  readonly readDraft: (dir: string, target: TargetConfig) => Promise<DraftFiles>;
  /**
   * The same tensors, of the model in `dir`, matrices of the given products with 8-bit copies, those of one product side
   * by side. Weights are checked as they are read.
   */
  readonly toEightBits: (
    dir: string,
    tensors: ReadonlyMap<string, TensorRef>,
    products: readonly (readonly TensorRef[])[],
  ) => Promise<ReadonlyMap<string, TensorRef>>;
  readonly openSession: (graph: Graph) => Promise<Session>;
  readonly decodeImage: DecodeImage;
  /** Costs measured before, for this machine and model. */
  readonly readCosts: (key: string) => Promise<Costs | undefined>;
  readonly writeCosts: (key: string, costs: Costs) => Promise<void>;
}

/** A model folder, read and checked; the weights themselves stay in their files. */
export interface TargetFiles {
  readonly config: TargetConfig;
  readonly tensors: ReadonlyMap<string, TensorRef>;
  /** Parsed JSON, or the text of a Jinja file; undefined where the folder has none. */
  readonly tokenizer: unknown;
  readonly tokenizerConfig: unknown;
  readonly chatTemplateJson: unknown;
  readonly chatTemplateJinja: string | undefined;
  readonly preprocessorConfig: unknown;
  readonly unapplied: readonly string[];
  /** Changes when a file does. */
  readonly fingerprint: string;
}

export interface DraftFiles {
  readonly config: DraftConfig;
  readonly tensors: ReadonlyMap<string, TensorRef>;
  readonly fingerprint: string;
}
