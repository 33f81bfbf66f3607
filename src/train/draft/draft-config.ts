import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { SCHEDULES } from '../../learn/optimise/rate.ts';
import { CURRICULA } from '../curriculum/share.ts';
import { count, DATA_PATHS, dataSchema, positive, share, teacherFields } from '../settings.ts';

/**
 * What `msd train draft` can be told. What is left out of settings without a default here is chosen by the draft's method
 * (`settle`): of MSD the published numbers, but for the run's length.
 */
export const draftConfigSchema = z.strictObject({
  ...teacherFields,
  data: dataSchema,
  draft: z
    .strictObject({
      /** MSD's draft, one level of a tree a call, or a block draft, a whole tree in one. */
      method: z.enum(['msd', 'block']).default('msd'),
      /** Folder or name of a draft to begin with. Default: random weights. */
      from: z.string().optional(),
      fusion: z.enum(['decoupled', 'fused']).default('decoupled'),
      /**
       * Where rows stand of a draft for a target that turns pictures by rows and columns (M-RoPE): at their places in the
       * text, as published drafts, or as the target has them. It is served with the same (`--draft-positions`).
       */
      positions: z.enum(['published', 'mrope']).exactOptional(),
      /** Of a block draft: its layers, the tokens that it guesses at once, and the rank of what neighbours add. */
      layers: count(1).max(64).exactOptional(),
      slots: count(2).max(16).exactOptional(),
      rank: count(1).exactOptional(),
      /** Width of the MLP. Default: the target's. */
      intermediateSize: count(1).optional(),
      /** Most frequent tokens of the replies that the draft may guess; 0: all of the vocabulary. */
      headTokens: count(0).default(0),
    })
    .prefault({}),
  objective: z
    .strictObject({
      /** Of MSD's: shares of SmoothL1 between features and of cross-entropy of tokens. */
      featureWeight: z.number().min(0).exactOptional(),
      tokenWeight: z.number().min(0).exactOptional(),
      /** Depths of its own guesses that the draft is taught; 1 is the published training. */
      depths: count(1).max(16).exactOptional(),
      depthDecay: positive.max(1).exactOptional(),
      /** Of a block draft: blocks that stand in a dialogue, at places that are drawn anew each time. */
      anchors: count(1).exactOptional(),
      crossEntropy: z.number().min(0).exactOptional(),
      totalVariation: z.number().min(0).exactOptional(),
      confidence: z.number().min(0).exactOptional(),
      /** Share of the run in which cross-entropy to the target's distribution passes over into total variation. */
      warmShare: share.exactOptional(),
    })
    .prefault({}),
  noise: z
    .strictObject({
      amplitude: z.number().min(0).default(0.2),
      /** Noise grows as length / n for a dialogue of n tokens; 0: the same for all. */
      length: count(0).exactOptional(),
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
      rate: positive.exactOptional(),
      schedule: z.enum(SCHEDULES).default('linear'),
      /** Steps of warm-up. */
      warmup: count(0).exactOptional(),
      /** Steps after which a linear rate is 0. Default: the steps of the run. */
      decaySteps: count(1).optional(),
      floor: z.number().min(0).default(0),
      betas: z.tuple([share, share]).default([0.9, 0.95]),
      eps: positive.default(1e-8),
      weightDecay: z.number().min(0).default(0),
      clip: positive.exactOptional(),
    })
    .prefault({}),
  validation: z
    .strictObject({
      /** Steps between validations. Default: a tenth of the run. */
      every: count(1).optional(),
      /** Depths at which agreement is measured. */
      depths: count(1).max(16).exactOptional(),
      /** The tree that it is decoded with: so many rows, best first, or nodes, levels behind the first, and candidates. */
      tree: z
        .union([count(2).max(64), z.tuple([count(2).max(64), count(0), count(1)])])
        .exactOptional(),
      /** Dialogues of each kind that the decoder is run on, at every validation and at the last. */
      decode: count(0).exactOptional(),
      decodeAtEnd: count(0).exactOptional(),
    })
    .prefault({}),
  publish: z
    .strictObject({
      /** In which numbers the draft is written. */
      dtype: z.enum(['F32', 'F16']).default('F32'),
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
