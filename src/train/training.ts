import type { TensorRef } from '../contracts/checkpoint.ts';
import { hashFile } from '../files/hash-file.ts';
import type { Material } from './data/read-material.ts';
import type { Course } from './loop/course.ts';
import type { Pace } from './loop/run-course.ts';

/** A training that is ready to begin or to go on. */
export interface Training {
  readonly trains: 'draft' | 'target';
  readonly course: Course;
  readonly pace: Pace;
  readonly facts: TrainingFacts;
  /** Bytes of features that it comes to hold in memory. */
  readonly featureBytes: number;
  readonly material: Material;
  /** SHA-256 of each file that is learned from, models included. */
  readonly data: Readonly<Record<string, string>>;
  /** As resolved: with it and the data the run can be done again. */
  readonly config: TrainingConfig;
  readonly dispose: () => Promise<void>;
}

interface TrainingConfig {
  readonly seed: number;
  readonly threads: number;
  readonly batch: number;
  readonly steps: number;
  readonly [key: string]: unknown;
}

/** What a training runs. */
interface TrainingFacts {
  readonly model: string;
  /** Folder of the draft that it begins with, if it doesn't begin from random weights. */
  readonly draft?: string;
  readonly precision: string;
  readonly device: string;
  readonly threads: number;
  /** Numbers that learn. */
  readonly parameters: number;
}

/** Validations and checkpoints as asked for, or ten and twenty in a run. */
export function paceOf(
  steps: number,
  {
    validation,
    checkpointEvery,
  }: { validation: { every?: number | undefined }; checkpointEvery?: number | undefined },
): Pace {
  const part = (parts: number) => Math.max(1, Math.ceil(steps / parts));
  return {
    validateEvery: validation.every ?? part(10),
    checkpointEvery: checkpointEvery ?? part(20),
  };
}

/** SHA-256 of the data's files and of those that hold the given tensors. */
export async function hashesOf(
  { hashes }: Material,
  tensors: Iterable<TensorRef>,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { file, sha256 } of hashes) found[file] = sha256;
  for (const path of new Set([...tensors].map((ref) => ref.path))) {
    found[path] = await hashFile(path);
  }
  return found;
}

/** Numbers in all of the weights. */
export const countOf = (weights: ReadonlyMap<string, Float32Array>): number =>
  [...weights.values()].reduce((sum, { length }) => sum + length, 0);
