/** Every error class, with the data that it carries. */
export * from './errors/checkpoint-errors.ts';
export * from './errors/engine-errors.ts';
export * from './errors/hub-errors.ts';
export { type ErrorCode, MsdError } from './errors/msd-error.ts';
export type { Remedy } from './errors/remedy.ts';
export * from './errors/request-errors.ts';
export * from './errors/training-errors.ts';
