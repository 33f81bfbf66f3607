import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { SCHEDULES } from '../../learn/optimise/rate.ts';
import { count, DATA_PATHS, dataSchema, positive, share } from '../settings.ts';

/** What `msd train target` can be told. */
export const targetConfigSchema = z.strictObject({
  /** Target to begin with: folder, or name in the Hugging Face cache. */
  model: z.string().min(1),
  /** Begin with random weights: of the folder only configuration, tokenizer and processor are read. */
  fromScratch: z.boolean().default(false),
  data: dataSchema,
  /** Highest learning rate of each part that learns; the others stay as they are. */
  learn: z
    .strictObject({
      projector: positive.optional(),
      tower: positive.optional(),
      decoder: positive.optional(),
      embeddings: positive.optional(),
      adapters: positive.optional(),
    })
    .prefault({ projector: 1e-3 })
    .refine((parts) => Object.keys(parts).length > 0, 'must name at least one part that learns'),
  /** Low-rank adapters on the decoder's matrices, where `learn.adapters` gives them a rate. */
  adapters: z
    .strictObject({ rank: count(1).default(16), alpha: positive.default(32) })
    .prefault({}),
  /** The first and the last layer of the decoder that learn or are adapted, counted from 0. Default: all of the decoder. */
  layers: z
    .tuple([count(0), count(0)])
    .refine(([first, last]) => first <= last, 'must be a first layer and a last one, as [20,29]')
    .optional(),
  /** Share of dialogues with pictures. Default: as in the data. */
  visualShare: share.optional(),
  /** Steps of the run. Default: one pass over the data. */
  steps: count(1).optional(),
  /** Dialogues of a step. */
  batch: count(1).default(32),
  /** Most rows, padding included, that one run of the network takes: bounds the memory. */
  maxRows: count(1).default(4096),
  /** Compute each layer's inside again on the way back instead of keeping it: slower, with a lower peak. */
  recompute: z.boolean().default(false),
  optimiser: z
    .strictObject({
      schedule: z.enum(SCHEDULES).default('cosine'),
      /** Steps of warm-up. Default: 3 % of the steps, as LLaVA's recipe. */
      warmup: count(0).optional(),
      floor: z.number().min(0).default(0),
      betas: z.tuple([share, share]).default([0.9, 0.999]),
      eps: positive.default(1e-8),
      weightDecay: z.number().min(0).default(0),
      clip: positive.default(1),
    })
    .prefault({}),
  validation: z
    .strictObject({
      /** Steps between validations. Default: a tenth of the run. */
      every: count(1).optional(),
    })
    .prefault({}),
  /** Steps between checkpoints. Default: a twentieth of the run. */
  checkpointEvery: count(1).optional(),
  seed: count(0).default(0),
  threads: count(1).max(1024).default(availableParallelism),
});

export type TargetTraining = z.output<typeof targetConfigSchema>;

/** Keys that hold paths. */
export const TARGET_PATHS = DATA_PATHS;

/** Keys that hold paths or names of models. */
export const TARGET_MODELS = ['model'];
