import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { MODEL_PARTS, PRECISIONS } from '../../contracts/load.ts';
import { SCHEDULES } from '../../learn/optimise/rate.ts';
import { CURRICULA } from '../curriculum/share.ts';
import { count, DATA_PATHS, dataSchema, positive, share } from '../settings.ts';

/** What `msd train draft` can be told. Defaults are the published numbers, but for the run's length. */
export const draftConfigSchema = z.strictObject({
  /** Target: folder, or name in the Hugging Face cache. Default: the embedded one. */
  model: z.string().min(1).optional(),
  /** Of the target as it teaches: the one in which it is to serve. One for all parts, or by part. */
  precision: z
    .union([z.enum(PRECISIONS), z.partialRecord(z.enum(MODEL_PARTS), z.enum(PRECISIONS))])
    .default('fp32'),
  data: dataSchema,
  draft: z
    .strictObject({
      /** Folder or name of a draft to begin with. Default: random weights. */
      from: z.string().optional(),
      fusion: z.enum(['decoupled', 'fused']).default('decoupled'),
      /**
       * Where rows stand of a draft for a target that turns pictures by rows and columns (M-RoPE): at their places in the
       * text, as published drafts, or as the target has them. It is served with the same (`--draft-positions`).
       */
      positions: z.enum(['published', 'mrope']).default('published'),
      /** Width of the MLP. Default: the target's. */
      intermediateSize: count(1).optional(),
      /** Most frequent tokens of the replies that the draft may guess; 0: all of the vocabulary. */
      headTokens: count(0).default(0),
    })
    .prefault({}),
  objective: z
    .strictObject({
      featureWeight: z.number().min(0).default(1),
      tokenWeight: z.number().min(0).default(0.1),
      /** Depths of its own guesses that the draft is taught; 1 is the published training. */
      depths: count(1).max(16).default(1),
      depthDecay: positive.max(1).default(0.8),
    })
    .prefault({}),
  noise: z
    .strictObject({
      amplitude: z.number().min(0).default(0.2),
      /** Noise grows as length / n for a dialogue of n tokens; 0: the same for all. */
      length: count(0).default(512),
    })
    .prefault({}),
  curriculum: z
    .strictObject({
      kind: z.enum(CURRICULA).default('two-stage'),
      epochs: count(2).default(40),
      textPart: share.default(0.5),
      mixedShare: share.default(0.5),
    })
    .prefault({}),
  /** Steps of the run. Default: as many as `curriculum.epochs` passes over the smaller kind take. */
  steps: count(1).optional(),
  /** Dialogues of a step. */
  batch: count(1).default(4),
  /** Most rows, padding included, that one run of the network takes: bounds the memory. */
  maxRows: count(1).default(4096),
  optimiser: z
    .strictObject({
      rate: positive.default(5e-5),
      schedule: z.enum(SCHEDULES).default('linear'),
      /** Steps of warm-up. Default: 0.25 % of the steps, at least 20. */
      warmup: count(0).optional(),
      /** Steps after which a linear rate is 0. Default: the steps of the run. */
      decaySteps: count(1).optional(),
      floor: z.number().min(0).default(0),
      betas: z.tuple([share, share]).default([0.9, 0.95]),
      eps: positive.default(1e-8),
      weightDecay: z.number().min(0).default(0),
      clip: positive.default(0.5),
    })
    .prefault({}),
  validation: z
    .strictObject({
      /** Steps between validations. Default: a tenth of the run. */
      every: count(1).optional(),
      /** Depths at which agreement is measured. */
      depths: count(1).max(16).default(5),
      /** Dialogues of each kind that the decoder is run on, at every validation and at the last. */
      decode: count(0).default(16),
      decodeAtEnd: count(0).default(100),
    })
    .prefault({}),
  /** Steps between checkpoints. Default: a twentieth of the run. */
  checkpointEvery: count(1).optional(),
  cache: z
    .strictObject({
      /** Folder of the targets' features; absent: none are kept on disk. */
      dir: z.string().optional(),
      gigabytes: positive.default(10),
      /** Of features held in memory. */
      memoryGigabytes: z.number().min(0).default(1),
    })
    .prefault({}),
  seed: count(0).default(0),
  threads: count(1).max(1024).default(availableParallelism),
});

export type DraftTraining = z.output<typeof draftConfigSchema>;

/** Keys that hold paths. */
export const DRAFT_PATHS = [...DATA_PATHS, 'cache.dir'];

/** Keys that hold paths or names of models. */
export const DRAFT_MODELS = ['model', 'draft.from'];

/**
 * The published run as overrides (Lyn-Lucy/MSD, main_deepspeed.py and ds_config.json): 40 epochs over the smaller kind,
 * 4 dialogues a step, a rate that rises over 2,000 steps and would reach 0 at 800,000, however long the run is.
 */
export const PAPER_SCHEDULE: readonly string[] = [
  'curriculum.epochs=40',
  'curriculum.textPart=0.5',
  'batch=4',
  'optimiser.rate=5e-5',
  'optimiser.schedule=linear',
  'optimiser.warmup=2000',
  'optimiser.decaySteps=800000',
];
