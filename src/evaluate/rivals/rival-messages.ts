/** What a rival's process says, a line of JSON each. */
import * as z from 'zod';
import type { RivalAnswer, TriedSetting } from './rival.ts';

export const rivalAnswer: z.ZodType<RivalAnswer> = z.object({
  ids: z.array(z.int()).min(1),
  times: z.array(z.number()).min(1),
  residentBytes: z.number(),
});

const triedSetting: z.ZodType<TriedSetting> = z.object({
  setting: z.string(),
  firstTokenMs: z.number(),
  tokenMs: z.number(),
});

/** When it is ready, after it has tried its settings on a warm-up. */
export const rivalHello = z.object({
  /** Ways of decoding, each a row of the report; `runs` tells version, precision and settings. */
  ways: z.array(z.object({ name: z.string(), runs: z.string() })).min(1),
  tried: z.array(triedSetting),
});
