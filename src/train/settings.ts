import * as z from 'zod';
import { MODEL_PARTS, PRECISIONS } from '../contracts/load.ts';

/** Kinds of settings that trainings are told. */
export const count = (least: number) => z.int().min(least);
export const positive = z.number().positive();
export const share = z.number().min(0).max(1);

/** Whose words are learned. */
export const teacherFields = {
  /** Target: folder, or name in the Hugging Face cache. Default: the embedded one. */
  model: z.string().min(1).optional(),
  /** Of the target as it teaches: the one in which it is to serve. One for all parts, or by part. Default: as `load` has it. */
  precision: z
    .union([z.enum(PRECISIONS), z.partialRecord(z.enum(MODEL_PARTS), z.enum(PRECISIONS))])
    .exactOptional(),
};

/** What a training learns from. */
export const dataSchema = z.strictObject({
  train: z.array(z.string()).min(1),
  /** Held-out dialogues. Without any, `validationShare` of the training dialogues is held out. */
  validation: z.array(z.string()).default([]),
  validationShare: share.default(0.05),
  imageRoot: z.string().optional(),
  skipBad: z.boolean().default(false),
  /** Longer dialogues are left out, and counted. */
  maxTokens: count(2).default(2048),
});

/** Keys of `dataSchema` that hold paths. */
export const DATA_PATHS = ['data.train', 'data.validation', 'data.imageRoot'];
