import type { CallFormat } from '../calls/call-format.ts';
import type { PictureReader } from '../contracts/image.ts';
import type { ModelInfo } from '../contracts/load.ts';
import type { SeenPicture } from '../contracts/rows.ts';
import type { Tensor } from '../contracts/session.ts';
import type { Target } from '../contracts/target.ts';
import type { Costs } from '../decode/costs.ts';
import type { TargetFiles } from '../families/read-target.ts';
import type { ChatTemplate } from '../input/chat-template.ts';
import type { Tokenizer } from '../input/tokenizer.ts';
import type { Meter } from './answer/meter.ts';
import type { Drafters } from './load/drafters.ts';
import type { Grammars } from './load/grammars.ts';

/** A model that is ready to answer. */
export interface Model {
  readonly info: ModelInfo;
  readonly files: Pick<TargetFiles, 'config' | 'tensors' | 'fingerprint' | 'preprocessor'>;
  readonly target: Target;
  /**
   * Whether a row of a pass has the same bits whatever else the pass holds (`rowsKeepApart`). Where not, every text runs
   * alone, in passes of one shape, and nothing drafts.
   */
  readonly rowsKeepApart: boolean;
  /** Feeds of `pictures` → visual embeddings [tokens, H]. */
  readonly embed: (feeds: Readonly<Record<string, Tensor>>) => Promise<SeenPicture>;
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate;
  /** How the template has calls of tools written, if that is known. */
  readonly callFormat: CallFormat | null;
  readonly grammars: Grammars;
  /** Null where the model reads no pictures. */
  readonly pictures: PictureReader | null;
  readonly drafters: Drafters;
  readonly costs: Costs;
  /** Keeps what rounds taught of them for the next load. */
  readonly keepCosts: (costs: Costs) => Promise<void>;
  readonly meter: Meter;
  readonly dispose: () => Promise<void>;
}

/** A model folder, and how words and pictures go into its model. */
export interface Inputs
  extends Pick<Model, 'tokenizer' | 'template' | 'callFormat' | 'grammars' | 'pictures'> {
  readonly files: TargetFiles;
}
