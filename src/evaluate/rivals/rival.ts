import { z } from 'zod';

/** What another engine wrote. Its precision is another, so its words may be. */
export const rivalAnswer = z.object({
  /** End token included. */
  ids: z.array(z.int()).min(1),
  /** Milliseconds from the request to each token, by the rival's own clock. */
  times: z.array(z.number()).min(1),
  /** Bytes that its process holds in memory afterwards, mapped files included. */
  residentBytes: z.number(),
});
export type RivalAnswer = z.infer<typeof rivalAnswer>;

/** What a rival says when it is ready, after it has tried its settings on a warm-up. */
export const rivalHello = z.object({
  /** Ways of decoding, each a row of the report. */
  ways: z
    .array(
      z.object({
        name: z.string(),
        /** Version, precision and settings. */
        runs: z.string(),
      }),
    )
    .min(1),
  tried: z.array(z.object({ setting: z.string(), firstTokenMs: z.number(), tokenMs: z.number() })),
});

/** A setting that was tried, and what it came to at its best. */
export type TriedSetting = z.infer<typeof rivalHello>['tried'][number];

/** Another engine that answers the same prompts, greedily. */
export interface Rival {
  readonly name: string;
  readonly runs: string;
  readonly tried: readonly TriedSetting[];
  answer(prompt: readonly number[], maxTokens: number): Promise<RivalAnswer>;
}

/** What every rival is opened with. */
export interface RivalOpening {
  /** Ids that settings are tried on. */
  readonly prompt: readonly number[];
  /** Ids that end an answer. */
  readonly end: readonly number[];
  /** It may use fewer. */
  readonly threads: number;
  /** Most tokens of a prompt and its answer. */
  readonly contextSize: number;
}
