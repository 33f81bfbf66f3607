import type { RecycledTokens, TextGuesses } from '../contracts/drafter.ts';
import { rootTree } from '../decode/tree-shape.ts';
import { type Follower, type Guess, growGuesses } from './grow-guesses.ts';
import { type PictureNames, pictureNames } from './picture-names.ts';
import { LONGEST } from './recycle/law.ts';
import { createSuffixIndex, type Match, type SuffixIndex } from './suffix-index.ts';

/** Places that are counted, nearest first. */
const MOST_PLACES = 48;
/** A place that matches a token more counts for so many others. */
const PER_TOKEN = 3;
/** Tokens of a match beyond which a longer one counts no more. */
const LONG = 8;
/** What a name that has begun counts for: as a match of so many tokens. */
const BEGUN = 4;
/** Less than that is not left open to a name. */
const LEAST_OPEN = 0.05;

/**
 * Guesses without a network, after SuffixDecoding (arXiv 2411.04975): where the text's last tokens stood before, in the
 * prompt, in the answer so far, in earlier turns or in what the request foretells, what followed them is counted, long
 * matches for more. A node's chance is its share of the counts above it, less what a match of that length leaves open;
 * the tree grows best first.
 *
 * @param barrier placeholder id of pictures, if the model reads any: it ends a continuation and is never proposed
 * @param recycled what the target held likely of late, which is guessed too. Default: nothing
 */
export function createSuffixGuesses(
  barrier: number | undefined,
  recycled?: RecycledTokens,
): TextGuesses {
  const text = createSuffixIndex();
  const foretold = new WeakMap<Int32Array, SuffixIndex>();
  const read = new WeakMap<readonly Int32Array[], PictureNames>();
  const namesOf = (named: readonly Int32Array[]): PictureNames | undefined => {
    if (barrier === undefined || named.length === 0) return undefined;
    const names = read.get(named) ?? pictureNames(named, barrier);
    read.set(named, names);
    return names;
  };
  const indexOf = (prediction: Int32Array): SuffixIndex => {
    const index = foretold.get(prediction) ?? createSuffixIndex();
    if (index.length === 0) for (const id of prediction) index.push(id);
    foretold.set(prediction, index);
    return index;
  };
  return {
    get length() {
      return text.length;
    },
    push: text.push,
    truncate: text.truncate,
    grow({ root, shape, prediction, named = [] }) {
      if (text.at(text.length - 1) !== root) return rootTree(root);
      const names = namesOf(named);
      const places = [
        ...placesOf(text, prediction && indexOf(prediction)),
        ...(names === undefined ? [] : begunIn(names, text)),
      ];
      const before = lastOf(text, LONGEST).slice(0, -1);
      const known: Known = { places, before };
      return growGuesses({ token: root, known }, shape, (node) => {
        const recalls = recalled(node, barrier, recycled);
        const told = merged(repeated(node, barrier), recalls);
        // Where nothing was held likely before, nobody knows what is open.
        return names === undefined || recalls.length === 0 ? told : withNames(node, told, names);
      });
    },
  };
}

/** What a node's children are told by. */
interface Known {
  /** Places that lead here; what follows at `next + depth` is a child. */
  readonly places: readonly Place[];
  /** The tokens before the node's own that its followers are looked up by. */
  readonly before: readonly number[];
}

const lastOf = (text: SuffixIndex, most: number): readonly number[] => {
  const first = Math.max(0, text.length - most);
  return Array.from({ length: text.length - first }, (_, i) => text.at(first + i) as number);
};

/** A match, and the text that goes on from there. */
interface Place extends Match {
  readonly text: SuffixIndex;
}

/** Where the text's end stood before, in itself and in what is foretold. */
function placesOf(text: SuffixIndex, foretold: SuffixIndex | undefined): readonly Place[] {
  const own = within(text, text.matches(MOST_PLACES));
  if (foretold === undefined) return own;
  const all = [...own, ...within(foretold, foretold.matchesOf(text, MOST_PLACES))];
  const pairs = all.filter(({ length }) => length > 1);
  return pairs.length > 0 ? pairs : all;
}

const within = (text: SuffixIndex, matches: readonly Match[]): Place[] =>
  matches.map((match) => ({ ...match, text }));

/** What followed a node at its places. */
function repeated(
  { token: own, depth, known: { places, before } }: Guess<Known>,
  barrier: number | undefined,
): Follower<Known>[] {
  const byToken = new Map<number, Place[]>();
  for (const place of places) {
    const token = place.text.at(place.next + depth);
    if (token === undefined || token === barrier) continue;
    const same = byToken.get(token);
    if (same === undefined) byToken.set(token, [place]);
    else same.push(place);
  }
  const ending = endingOf(before, own);
  const all = weightOf(places);
  const longest = Math.max(0, ...places.map(({ length }) => length)) + depth;
  const trust = longest / (longest + 1);
  return Array.from(byToken, ([token, some]) => ({
    token,
    chance: (trust * weightOf(some)) / all,
    known: { places: some, before: ending },
  }));
}

const weightOf = (places: readonly Place[]): number =>
  places.reduce((sum, { length }) => sum + PER_TOKEN ** Math.min(length, LONG), 0);

/** What the target held likely behind a node when it stood there. */
function recalled(
  { token: own, known }: Guess<Known>,
  barrier: number | undefined,
  recycled: RecycledTokens | undefined,
): Follower<Known>[] {
  const candidates = recycled?.after([...known.before, own]) ?? [];
  const before = endingOf(known.before, own);
  return candidates
    .filter(({ token }) => token !== barrier)
    .map((candidate) => ({ ...candidate, known: { places: [], before } }));
}

/** Where the text's end is the beginning of a name. */
const begunIn = ({ within, text }: PictureNames, written: SuffixIndex): Place[] =>
  within(written).map(({ next, length }) => ({ next, length: length + BEGUN, text }));

/**
 * Names that may begin behind a node, in place of or beside what else may follow: where many things were likely before, so
 * that the likeliest of those leave much open.
 */
function withNames(
  { token: own, depth, known }: Guess<Known>,
  told: readonly Follower<Known>[],
  { text, starts }: PictureNames,
): readonly Follower<Known>[] {
  const before = endingOf(known.before, own);
  const byToken = new Map(told.map((one) => [one.token, one]));
  let open = 1 - told.reduce((sum, { chance }) => sum + chance, 0);
  for (const start of starts) {
    open /= 2;
    if (open < LEAST_OPEN) break;
    const token = text.at(start) as number;
    const chance = open + (byToken.get(token)?.chance ?? 0);
    const places = [{ next: start - depth, length: BEGUN, text }];
    byToken.set(token, { token, chance, known: { places, before } });
  }
  return [...byToken.values()];
}

/** What stands before a node's children, as far as it is looked at. */
const endingOf = (before: readonly number[], own: number): readonly number[] =>
  [...before, own].slice(1 - LONGEST);

/** Of those that both propose the surer one is believed; together they share no more than their parent has. */
function merged(
  repeats: readonly Follower<Known>[],
  recalls: readonly Follower<Known>[],
): readonly Follower<Known>[] {
  if (recalls.length === 0) return repeats;
  const byToken = new Map(repeats.map((one) => [one.token, one]));
  for (const { token, chance, known } of recalls) {
    const repeat = byToken.get(token);
    byToken.set(token, {
      token,
      chance: Math.max(chance, repeat?.chance ?? 0),
      known: repeat?.known ?? known,
    });
  }
  const all = [...byToken.values()];
  const sum = all.reduce((total, { chance }) => total + chance, 0);
  return sum <= 1 ? all : all.map((one) => ({ ...one, chance: one.chance / sum }));
}
