import type { GenerateResult } from '../contracts/generate.ts';
import { firstDifference } from './first-difference.ts';
import type { Pair, Side } from './paired-runs.ts';

/** Milliseconds of one answer. */
export interface SideFigures {
  readonly target: number;
  readonly draft: number;
  /** Of `draft`, what it takes outside rounds: reading the prompt, and rounds that went without it. */
  readonly draftReading: number;
  readonly host: number;
  /** target + draft + host: all that decoding takes, the draft's reading of the prompt included. */
  readonly decode: number;
  /** From the request to its first token. */
  readonly firstToken: number;
  /** From the request to its last token. */
  readonly whole: number;
}

/** What a pair comes to. */
export interface PairFigures {
  readonly prompt: number;
  readonly first: Side;
  readonly plain: SideFigures;
  readonly speculative: SideFigures;
  /** Plain's decode time over the speculative one; null for an answer of one token, which decodes nothing. */
  readonly speedUp: number | null;
  readonly wholeSpeedUp: number;
  /** Index of the first token that differs from plain's; null if there is none. */
  readonly differsAt: number | null;
}

/** Whoever runs second finds the picture already seen; both are charged the time that seeing it took. */
export function pairFigures({ prompt, first, plain, speculative }: Pair): PairFigures {
  const vision = Math.max(plain.timings.vision, speculative.timings.vision);
  const a = sideFigures(plain, vision);
  const b = sideFigures(speculative, vision);
  const decodes = plain.passes > 0 && speculative.passes > 0;
  return {
    prompt,
    first,
    plain: a,
    speculative: b,
    speedUp: decodes ? a.decode / b.decode : null,
    wholeSpeedUp: a.whole / b.whole,
    differsAt: firstDifference(plain.ids, speculative.ids),
  };
}

function sideFigures({ timings, rounds }: GenerateResult, vision: number): SideFigures {
  const { target, draft, host, total, firstToken } = timings;
  const otherVision = vision - timings.vision;
  const inRounds = rounds.reduce((sum, { draftMs }) => sum + draftMs, 0);
  return {
    target,
    draft,
    draftReading: Math.max(0, draft - inRounds),
    host,
    decode: target + draft + host,
    firstToken: (firstToken ?? total) + otherVision,
    whole: total + otherVision,
  };
}

/** Of several answers together: passes after prefill, and tokens that a pass gave. */
export function passesOf(results: readonly GenerateResult[]): {
  passes: number;
  tokensPerPass: number;
} {
  const sum = (part: (result: GenerateResult) => number) =>
    results.reduce((total, result) => total + part(result), 0);
  const passes = sum((result) => result.passes);
  const tokens = sum(({ ids }) => Math.max(0, ids.length - 1));
  return { passes, tokensPerPass: passes === 0 ? 0 : tokens / passes };
}
