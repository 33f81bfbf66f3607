import { truncatedLength } from '../model/truncated-length.ts';

/**
 * A text and, of every place in it, the last place before that ends in the same two tokens, and in the same one. So the
 * places that read like the end are found without a search, tokens are added and taken back one by one, and the index
 * takes a few numbers a token.
 */
export interface SuffixIndex {
  readonly length: number;
  /** The token at a place. */
  at(place: number): number | undefined;
  push(token: number): void;
  /** @throws RangeError if there are fewer tokens than that */
  truncate(length: number): void;
  /** Places before the end that end like it, `most` of the nearest, nearest first: in two tokens, or else in one. */
  matches(most: number): readonly Match[];
  /** Places that end like another text, likewise. */
  matchesOf(other: SuffixIndex, most: number): readonly Match[];
}

/** A place whose last tokens are those of the text. */
export interface Match {
  /** The place behind the match: its first token is what followed. */
  readonly next: number;
  /** Tokens that match, up to `LONGEST`. */
  readonly length: number;
}

/** Where a text ends. */
type Ending = Pick<SuffixIndex, 'length' | 'at'>;

/** Tokens of a match that are told apart at most. */
export const LONGEST = 24;
/** More tokens than any vocabulary has. */
const PAIR = 2 ** 26;

/** What the places of a token, and of it behind another one, are found by. */
const keysOf = (token: number, left: number = PAIR - 1): [single: number, pair: number] => [
  -1 - token,
  left * PAIR + token,
];

export function createSuffixIndex(): SuffixIndex {
  const text: number[] = [];
  const newest = new Map<number, number>(); // pair or single token → the last place that ends in it
  const before: [single: number, pair: number][] = []; // of each place; -1 is none
  const keysAt = (place: number) => keysOf(text[place] as number, text[place - 1]);
  /** Places of a chain from the newest of them on. */
  const chain = function* (kind: 0 | 1, from: number): Generator<number> {
    for (let at = from; at >= 0; ) {
      yield at;
      at = before[at]?.[kind] ?? -1;
    }
  };
  /** How many tokens up to a place equal a text's last ones. */
  const matchLength = (place: number, other: Ending): number => {
    let length = 1;
    while (
      length < LONGEST &&
      place >= length &&
      text[place - length] === other.at(other.length - 1 - length)
    ) {
      length += 1;
    }
    return length;
  };
  const found = (kind: 0 | 1, from: number, other: Ending, most: number): Match[] => {
    const all: Match[] = [];
    for (const place of chain(kind, from)) {
      all.push({ next: place + 1, length: matchLength(place, other) });
      if (all.length === most) break;
    }
    return all;
  };
  const ownEnd: Ending = {
    at: (place) => text[place],
    get length() {
      return text.length;
    },
  };
  return {
    get length() {
      return text.length;
    },
    at: (place) => text[place],
    push(token) {
      const place = text.push(token) - 1;
      const [single, pair] = keysAt(place);
      before.push([newest.get(single) ?? -1, newest.get(pair) ?? -1]);
      newest.set(single, place);
      newest.set(pair, place);
    },
    truncate(to) {
      const length = truncatedLength(text.length, to);
      for (let place = text.length - 1; place >= length; place -= 1) {
        const last = before.pop() as [number, number];
        for (const [kind, key] of keysAt(place).entries()) {
          const earlier = last[kind] as number;
          if (earlier < 0) newest.delete(key);
          else newest.set(key, earlier);
        }
        text.pop();
      }
    },
    matches(most) {
      const [single, pair] = before[text.length - 1] ?? [-1, -1];
      const pairs = found(1, pair, ownEnd, most);
      return pairs.length > 0 ? pairs : found(0, single, ownEnd, most);
    },
    matchesOf(other, most) {
      const last = other.at(other.length - 1);
      if (last === undefined) return [];
      const [single, pair] = keysOf(last, other.at(other.length - 2));
      const pairs = found(1, newest.get(pair) ?? -1, other, most);
      return pairs.length > 0 ? pairs : found(0, newest.get(single) ?? -1, other, most);
    },
  };
}
