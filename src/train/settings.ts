import { z } from 'zod';

/** Kinds of settings that trainings are told. */
export const count = (least: number) => z.int().min(least);
export const positive = z.number().positive();
export const share = z.number().min(0).max(1);

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
