/**
 * `msd-ts/engine`: the engine without a machine around it, for pages, servers and drafters of others. It runs wherever
 * somebody hands it a `Host`.
 */
export type { DraftConfig, TargetConfig, TensorRef } from './contracts/checkpoint.ts';
export type {
  CreateDrafter,
  Drafter,
  DrafterContext,
  DraftJob,
  DraftRows,
  DraftState,
  DraftTree,
  OwnDrafterContext,
  TreeShape,
} from './contracts/drafter.ts';
export * from './contracts/errors.ts';
export type { GenerateEvent, GenerateOptions, GenerateResult } from './contracts/generate.ts';
export type {
  DecodeImage,
  ImageSource,
  PictureFile,
  ReadPicture,
  RgbImage,
} from './contracts/image.ts';
export type { LoadProgress, LoadSettings, ModelInfo } from './contracts/load.ts';
export type { ModelFolder } from './contracts/model-folder.ts';
export type { PictureReading, Reading, TextReader } from './contracts/reading.ts';
export type { Rows } from './contracts/rows.ts';
export type { Session, Tensor } from './contracts/session.ts';
export type { RowsRef } from './contracts/target.ts';
export type { Request } from './engine/answer/resolve-options.ts';
export type { CancelSignal } from './engine/border/cancel-flag.ts';
export { connectEngine, type EnginePort } from './engine/border/connect-port.ts';
export { type ErrorData, fromErrorData, toErrorData } from './engine/border/error-data.ts';
export { eventStream } from './engine/border/event-stream.ts';
export type { FromEngine, ToEngine } from './engine/border/protocol.ts';
export { type CallerPort, servePort } from './engine/border/serve-port.ts';
export { createEngine, type Engine, type EngineLimits } from './engine/engine.ts';
export type { Host } from './engine/host.ts';
export type { DraftFiles } from './families/read-any-draft.ts';
export type { TargetFiles } from './families/read-target.ts';
export type { Graph } from './graph/graph.ts';
export { serialise } from './graph/serialise.ts';
export { pictureInMemory } from './input/picture-in-memory.ts';
