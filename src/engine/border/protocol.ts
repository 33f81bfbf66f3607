import type { GenerateEvent, GenerateResult } from '../../contracts/generate.ts';
import type { LoadProgress, LoadSettings, ModelInfo } from '../../contracts/load.ts';
import type { Request } from '../answer/resolve-options.ts';
import type { CancelFlag } from './cancel-flag.ts';
import type { ErrorData } from './error-data.ts';

/** What crosses the border between a caller and an engine. All of it is plain data, but for the flag. */
export type ToEngine =
  | { readonly type: 'load'; readonly settings: LoadSettings }
  | {
      readonly type: 'generate';
      readonly id: number;
      readonly request: Request;
      /** Set when the request is cancelled, as the message says too; where both sides share memory. */
      readonly flag?: CancelFlag;
    }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'forget' }
  | { readonly type: 'dispose' };

export type FromEngine =
  | { readonly type: 'progress'; readonly progress: LoadProgress }
  | { readonly type: 'loaded'; readonly info: ModelInfo }
  | { readonly type: 'not-loaded'; readonly error: ErrorData }
  | { readonly type: 'events'; readonly id: number; readonly events: readonly GenerateEvent[] }
  | { readonly type: 'result'; readonly id: number; readonly result: GenerateResult }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorData }
  | { readonly type: 'disposed' };
