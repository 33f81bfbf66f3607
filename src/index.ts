/** msd-ts: multimodal speculative decoding for vision-language models (MSD, arXiv 2505.14260). */
export type { TreeShape } from './contracts/drafter.ts';
export {
  /** @deprecated Renamed; it goes with the next version. */
  DiskSpaceError as ConversionSpaceError,
} from './contracts/errors/hub-errors.ts';
export * from './contracts/errors.ts';
export type {
  FinishReason,
  GenerateEvent,
  GenerateOptions,
  GenerateResult,
  RoundStats,
  RunInfo,
  Sampling,
  Timings,
} from './contracts/generate.ts';
export type { Device, LoadOptions, ModelInfo } from './contracts/load.ts';
export type { ChatMessage, ContentPart, Role } from './contracts/messages.ts';
export { DRAFTER_NAMES, type DrafterName } from './draft/drafters.ts';
export { load, type MsdModel } from './load.ts';
