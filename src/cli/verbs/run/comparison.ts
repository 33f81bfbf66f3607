import type { GenerateOptions, GenerateResult } from '../../../contracts/generate.ts';
import type { ChatMessage } from '../../../contracts/messages.ts';
import { firstDifference } from '../../../evaluate/first-difference.ts';
import {
  countPair,
  type PairFigures,
  pairFigures,
  passesOf,
} from '../../../evaluate/pair-figures.ts';
import { type Pair, type PairedRuns, pairedRuns } from '../../../evaluate/paired-runs.ts';
import { type Spread, spread } from '../../../evaluate/spread.ts';

/** One side of a comparison. Times are milliseconds; decoding is target + draft + host. */
interface SideSpread {
  readonly decode: Spread | null;
  readonly target: number;
  readonly draft: number;
  readonly host: number;
  readonly tokensPerPass: number;
}

/** Where an answer left plain decoding's ids; null stands for the end of an answer. */
interface Difference {
  readonly position: number;
  readonly plain: number | null;
  readonly speculative: number | null;
  readonly plainText: string;
  readonly speculativeText: string;
}

/** Plain and speculative decoding of one request, side by side in time. */
export interface Comparison {
  readonly pairs: number;
  readonly plain: SideSpread;
  readonly speculative: SideSpread;
  /** Plain's decode time over the speculative one, pair by pair; null if nothing was decoded. */
  readonly speedUp: Spread | null;
  /** Null if all ids were equal, those of `answer` included. */
  readonly difference: Difference | null;
}

const PAIRS = 3;

/**
 * Answers a request again, both ways in turn, after a warm-up of each. Both find the prompt in their caches, so only
 * decoding is compared. Null if the signal ended it.
 */
export async function compareWithPlain(
  model: PairedRuns['model'],
  {
    messages,
    drafter = 'auto',
    tree = 'auto',
    ...settings
  }: GenerateOptions & {
    readonly messages: readonly ChatMessage[];
  },
  answer: GenerateResult,
  signal: AbortSignal,
): Promise<Comparison | null> {
  const prompts = [{ name: '', images: 0, messages }];
  const pairs: Pair[] = [];
  const variant = { drafter, tree };
  const runs = pairedRuns({ model, variant, prompts, repeats: PAIRS, settings, signal });
  for await (const pair of runs) pairs.push(pair);
  if (pairs.length < PAIRS) return null;
  const figures = pairs.map((pair) => pairFigures(countPair(pair)));
  return {
    pairs: pairs.length,
    plain: sideSpread(figures, pairs, 'plain'),
    speculative: sideSpread(figures, pairs, 'speculative'),
    speedUp: spread(figures.flatMap(({ speedUp }) => speedUp ?? [])),
    difference: differenceOf(pairs, answer),
  };
}

function sideSpread(
  figures: readonly PairFigures[],
  pairs: readonly Pair[],
  side: 'plain' | 'speculative',
): SideSpread {
  const times = (part: 'decode' | 'target' | 'draft' | 'host') =>
    spread(figures.map((figure) => figure[side][part]));
  const results = pairs.map((pair) => pair[side]);
  return {
    decode: times('decode'),
    target: times('target')?.median ?? 0,
    draft: times('draft')?.median ?? 0,
    host: times('host')?.median ?? 0,
    tokensPerPass: passesOf(results).tokensPerPass,
  };
}

/** The first answer of any run that is not the plain one's. */
function differenceOf(pairs: readonly Pair[], answer: GenerateResult): Difference | null {
  const [plain] = pairs.map((pair) => pair.plain);
  if (plain === undefined) return null;
  const others = [answer, ...pairs.flatMap((pair) => [pair.speculative, pair.plain])];
  for (const other of others) {
    const position = firstDifference(plain.ids, other.ids);
    if (position === null) continue;
    return {
      position,
      plain: plain.ids[position] ?? null,
      speculative: other.ids[position] ?? null,
      plainText: plain.text,
      speculativeText: other.text,
    };
  }
  return null;
}
