/** msd-ts: multimodal speculative decoding for vision-language models (MSD, arXiv 2505.14260). */
export { type BenchOptions, bench } from './bench.ts';
export type { TreeShape } from './contracts/drafter.ts';
export {
  /** @deprecated Renamed; it goes with the next version. */
  DiskSpaceError as ConversionSpaceError,
} from './contracts/errors/hub-errors.ts';
export * from './contracts/errors.ts';
export type {
  AnswerOptions,
  FinishReason,
  GenerateEvent,
  GenerateOptions,
  GenerateResult,
  LevelStats,
  MessagesOptions,
  PassTree,
  PromptOptions,
  RoundStats,
  RunInfo,
  Sampling,
  TextOptions,
  Timings,
  TokenLogprob,
  TokenLogprobs,
} from './contracts/generate.ts';
export type { Device, LoadOptions, ModelInfo } from './contracts/load.ts';
export type { ChatMessage, ContentPart, Role } from './contracts/messages.ts';
export type { OpenAiMessage } from './contracts/openai-message.ts';
export type {
  Box,
  ChartReading,
  ChartValue,
  PictureReading,
  Point,
  Reading,
  TextLine,
} from './contracts/reading.ts';
export type { NamedSchema, ResponseFormat } from './contracts/response-format.ts';
export type { ToolCall, ToolCallDelta, ToolChoice } from './contracts/tool-call.ts';
export { DRAFTER_NAMES, type DrafterName } from './draft/drafters.ts';
export { benchCsv } from './evaluate/bench-csv.ts';
export { benchPage } from './evaluate/bench-page.ts';
export type { BenchReport } from './evaluate/bench-report.ts';
export { benchText } from './evaluate/bench-text.ts';
export type { Inspection } from './evaluate/inspect/inspection.ts';
export type { BenchPlan } from './evaluate/plan-bench.ts';
export type { PromptRecord } from './evaluate/prompt-set.ts';
export type { Pulled } from './hub/pull-model.ts';
export { inspect } from './inspect.ts';
export { load, type MsdModel } from './load.ts';
export { type PullOptions, pull } from './pull.ts';
export { readText } from './read-text.ts';
