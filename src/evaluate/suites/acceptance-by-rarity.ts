/**
 * How often tokens are guessed, by how rare they are. A vocabulary is made by joining the pair of tokens that is the most
 * frequent, again and again: the later an id, the rarer its token.
 */
import { bootstrap, type Interval } from '../bootstrap.ts';
import type { Asked } from './run-suite.ts';

export interface RarityRow {
  /** Ids of the tokens, from the first on and below the last; null is the end of the vocabulary. */
  readonly from: number;
  readonly below: number | null;
  readonly tokens: number;
  /** Share that was guessed. */
  readonly guessed: number;
  readonly interval: Interval | null;
}

const BOUNDS = [0, 512, 2048, 8192, 32_768];

/** @param random uniform in [0, 1), for the intervals */
export function acceptanceByRarity(
  asked: readonly Pick<Asked, 'ids' | 'acceptedPerPass'>[],
  random: () => number,
): RarityRow[] {
  const answers = asked.map(tokensOf);
  return BOUNDS.flatMap((from, index): RarityRow[] => {
    const below = BOUNDS[index + 1] ?? null;
    const groups = answers.map((tokens) =>
      tokens.filter(({ id }) => id >= from && (below === null || id < below)),
    );
    const tokens = groups.flat();
    if (tokens.length === 0) return [];
    const interval = bootstrap(groups, shareGuessed, random);
    return [{ from, below, tokens: tokens.length, guessed: shareGuessed(tokens), interval }];
  });
}

interface Token {
  readonly id: number;
  readonly guessed: boolean;
}

/** All but the first, which the prompt's own pass gives: of each pass what was guessed, then the target's own. */
function tokensOf({ ids, acceptedPerPass }: Pick<Asked, 'ids' | 'acceptedPerPass'>): Token[] {
  const own = new Set<number>();
  let at = 0;
  for (const accepted of acceptedPerPass) {
    at += accepted + 1;
    own.add(at);
  }
  return ids.flatMap((id, index) => (index === 0 ? [] : { id, guessed: !own.has(index) }));
}

const shareGuessed = (tokens: readonly Token[]): number =>
  tokens.filter(({ guessed }) => guessed).length / tokens.length;
