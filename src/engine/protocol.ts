import type { GenerateEvent, GenerateOptions, GenerateResult } from '../contracts/generate.ts';
import type { LoadSettings, ModelInfo } from '../contracts/load.ts';
import type { ErrorData } from './error-data.ts';

/** What crosses the border between a caller and the thread of an engine. */
export type ToEngine =
  | { readonly type: 'load'; readonly settings: LoadSettings }
  | {
      readonly type: 'generate';
      readonly id: number;
      readonly options: Omit<GenerateOptions, 'signal'>;
      /** One shared byte; not 0 cancels, also while the engine's thread is busy. */
      readonly cancel: Uint8Array;
    }
  | { readonly type: 'dispose' };

export type FromEngine =
  | { readonly type: 'loaded'; readonly info: ModelInfo }
  | { readonly type: 'event'; readonly id: number; readonly event: GenerateEvent }
  | { readonly type: 'result'; readonly id: number; readonly result: GenerateResult }
  /** `id` is null when loading failed. */
  | { readonly type: 'failed'; readonly id: number | null; readonly error: ErrorData }
  | { readonly type: 'disposed' };
