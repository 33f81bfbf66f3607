import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { count, DATA_PATHS, dataSchema, positive, teacherFields } from '../settings.ts';

/** What `msd train recycled` can be told. */
export const recycledConfigSchema = z.strictObject({
  ...teacherFields,
  data: dataSchema,
  table: z
    .strictObject({
      /** Of the file at most; endings that tell least for their bytes are left out. */
      megabytes: positive.max(64).default(4),
    })
    .prefault({}),
  cache: z
    .strictObject({
      /** Feature cache where a harvest kept what the target held likely. Default: one of the run alone. */
      dir: z.string().optional(),
      gigabytes: positive.default(10),
    })
    .prefault({}),
  threads: count(1).max(1024).default(availableParallelism),
});

export type RecycledTraining = z.output<typeof recycledConfigSchema>;

/** Keys that hold paths. */
export const RECYCLED_PATHS = [...DATA_PATHS, 'cache.dir'];

/** Keys that hold paths or names of models. */
export const RECYCLED_MODELS = ['model'];
