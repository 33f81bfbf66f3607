import type { GenerateResult } from '../contracts/generate.ts';
import { countedPart } from './counted-part.ts';
import { firstDifference } from './first-difference.ts';
import type { Pair, Side } from './paired-runs.ts';

/** Milliseconds of one answer. */
export interface SideFigures {
  readonly target: number;
  readonly draft: number;
  /** Of `draft`, what it takes outside rounds: reading the prompt, and rounds that went without it. */
  readonly draftReading: number;
  /** The target's reading of the prompt. */
  readonly prefill: number;
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
  /** Whether the text goes round in circles; the figures count what stands before. */
  readonly loops: boolean;
}

/** A pair whose texts are cut to what figures count. */
export interface CountedPair extends Pair {
  readonly loops: boolean;
  readonly differsAt: number | null;
}

/** Texts are compared whole, and counted up to where they loop. */
export function countPair(pair: Pair): CountedPair {
  const [plain, speculative] = [countedPart(pair.plain), countedPart(pair.speculative)];
  return {
    ...pair,
    plain,
    speculative,
    loops: plain !== pair.plain,
    differsAt: firstDifference(pair.plain.ids, pair.speculative.ids),
  };
}

/** Whoever runs second finds the picture already seen; both are charged the time that seeing it took. */
export function pairFigures(pair: CountedPair): PairFigures {
  const { prompt, first, plain, speculative, differsAt, loops } = pair;
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
    differsAt,
    loops,
  };
}

function sideFigures({ timings, rounds }: GenerateResult, vision: number): SideFigures {
  const { target, draft, host, prefill, total, firstToken } = timings;
  const otherVision = vision - timings.vision;
  const inRounds = rounds.reduce((sum, { draftMs }) => sum + draftMs, 0);
  return {
    target,
    draft,
    draftReading: Math.max(0, draft - inRounds),
    prefill,
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
