import type { Named, RecycledTokens, TextGuesses } from '../contracts/drafter.ts';
import { rootTree } from '../decode/tree-shape.ts';
import { type Follower, type Guess, growGuesses } from './grow-guesses.ts';
import { type PictureNames, pictureNames } from './picture-names.ts';
import { LONGEST } from './recycle/law.ts';
import { endingOf, TAIL, unsaidFirst } from './recycle/named-text.ts';
import { createSuffixIndex, type Match, type SuffixIndex } from './suffix-index.ts';

/** Places that are counted, nearest first. */
const MOST_PLACES = 48;
/** A place that matches a token more counts for so many others. */
const PER_TOKEN = 3;
/** Tokens of a match beyond which a longer one counts no more. */
const LONG = 8;
/** What a name that has begun counts for, beside its tokens: as a match of so many more. */
const BEGUN = 4;
/** Stands in no text. */
const NO_TOKEN = -1;
/** Of the chance that a name begins, the first one's share, and the next one's of the rest. */
const FIRST = 2 / 3;

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
  const indexOf = (prediction: Int32Array): SuffixIndex => {
    const index = foretold.get(prediction) ?? createSuffixIndex();
    if (index.length === 0) for (const id of prediction) index.push(id);
    foretold.set(prediction, index);
    return index;
  };
  const mark = barrier ?? NO_TOKEN;
  return {
    get length() {
      return text.length;
    },
    push: text.push,
    truncate: text.truncate,
    grow({ root, shape, prediction, named }) {
      if (text.at(text.length - 1) !== root) return rootTree(root);
      const marked = named !== undefined && named.names.length > 0;
      const naming = marked ? { named, names: pictureNames(unsaidFirst(text, named), mark) } : null;
      const places = [
        ...placesOf(text, prediction && indexOf(prediction)),
        ...(naming === null ? [] : begunIn(naming.names, text)),
      ];
      const known: Known = { places, path: lastOf(text, naming === null ? LONGEST : TAIL) };
      return growGuesses({ token: root, known }, shape, (node) =>
        merged(repeated(node, mark), recalled(node, mark, recycled, naming)),
      );
    },
  };
}

/** Names, and how they are looked up. */
interface Naming {
  readonly named: Named;
  readonly names: PictureNames;
}

/** What a node's children are told by. */
interface Known {
  /** Places that lead here; what follows at `next + depth` is a child. */
  readonly places: readonly Place[];
  /** The last tokens up to the node's own, which its followers are looked up by. */
  readonly path: readonly number[];
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
  { depth, known: { places, path } }: Guess<Known>,
  mark: number,
): Follower<Known>[] {
  const byToken = new Map<number, Place[]>();
  for (const place of places) {
    const token = place.text.at(place.next + depth);
    if (token === undefined || token === mark) continue;
    const same = byToken.get(token);
    if (same === undefined) byToken.set(token, [place]);
    else same.push(place);
  }
  const all = weightOf(places);
  const longest = Math.max(0, ...places.map(({ length }) => length)) + depth;
  const trust = longest / (longest + 1);
  return Array.from(byToken, ([token, some]) => ({
    token,
    chance: (trust * weightOf(some)) / all,
    known: { places: some, path: [...path, token] },
  }));
}

const weightOf = (places: readonly Place[]): number =>
  places.reduce((sum, { length }) => sum + PER_TOKEN ** Math.min(length, LONG), 0);

/** What the target held likely behind a node when it stood there. */
function recalled(
  { depth, known: { path } }: Guess<Known>,
  mark: number,
  recycled: RecycledTokens | undefined,
  naming: Naming | null,
): Follower<Known>[] {
  if (recycled === undefined) return [];
  const ending =
    naming === null
      ? path
      : endingOf(path, { ...naming.named, written: naming.named.written + depth }, mark);
  const follow = (token: number, chance: number, places: readonly Place[] = []) => ({
    ...{ token, chance },
    known: { places, path: [...path, token] },
  });
  return recycled.after(ending).flatMap(({ token, chance }) => {
    if (token !== mark) return follow(token, chance);
    return naming === null ? [] : begun(naming.names, depth, chance, follow);
  });
}

/** Names that may begin behind a node of that depth, which share a chance. */
function begun(
  names: PictureNames,
  depth: number,
  chance: number,
  follow: (token: number, chance: number, places: readonly Place[]) => Follower<Known>,
): Follower<Known>[] {
  let left = chance;
  return names.starts.map((start) => {
    const own = FIRST * left;
    left -= own;
    return follow(names.text.at(start) as number, own, [placeIn(names, start, depth)]);
  });
}

/** Where a name goes on that begins behind a node of that depth. */
const placeIn = ({ text }: PictureNames, start: number, depth: number): Place => ({
  ...{ next: start - depth, length: BEGUN, text },
});

/** Where the text's end is the beginning of a name. */
const begunIn = ({ within, text }: PictureNames, written: SuffixIndex): Place[] =>
  within(written).map(({ next, length }) => ({ next, length: length + BEGUN, text }));

/** Of those that both propose the surer one is believed; together they share no more than their parent has. */
function merged(
  repeats: readonly Follower<Known>[],
  recalls: readonly Follower<Known>[],
): readonly Follower<Known>[] {
  if (recalls.length === 0) return repeats;
  const byToken = new Map(repeats.map((one) => [one.token, one]));
  for (const recall of recalls) {
    const { token, known } = recall;
    const other = byToken.get(token);
    byToken.set(token, {
      token,
      chance: Math.max(recall.chance, other?.chance ?? 0),
      known: { ...known, places: [...(other?.known.places ?? []), ...known.places] },
    });
  }
  const all = [...byToken.values()];
  const sum = all.reduce((total, { chance }) => total + chance, 0);
  return sum <= 1 ? all : all.map((one) => ({ ...one, chance: one.chance / sum }));
}
