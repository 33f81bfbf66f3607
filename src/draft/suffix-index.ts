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
  /** Places before the end that end like it, nearest first: those of the longest match that was found among `most`. */
  matches(most: number): readonly Match[];
}

/** A place whose last tokens are those of the text. */
export interface Match {
  /** The place behind the match: its first token is what followed. */
  readonly next: number;
  /** Tokens that match, up to `LONGEST`. */
  readonly length: number;
}

const LONGEST = 24;
/** More tokens than any vocabulary has. */
const PAIR = 2 ** 26;

export function createSuffixIndex(): SuffixIndex {
  const text: number[] = [];
  const newest = new Map<number, number>(); // pair or single token → the last place that ends in it
  const before: [single: number, pair: number][] = []; // of each place; -1 is none
  const keysAt = (place: number): [number, number] => {
    const token = text[place] as number;
    const left = place > 0 ? (text[place - 1] as number) : PAIR - 1;
    return [-1 - token, left * PAIR + token];
  };
  const chain = function* (kind: 0 | 1): Generator<number> {
    for (let at = before[text.length - 1]?.[kind] ?? -1; at >= 0; ) {
      yield at;
      at = before[at]?.[kind] ?? -1;
    }
  };
  /** How many tokens up to a place equal the text's last ones. */
  const matchLength = (place: number): number => {
    let length = 1;
    while (
      length < LONGEST &&
      place >= length &&
      text[place - length] === text[text.length - 1 - length]
    ) {
      length += 1;
    }
    return length;
  };
  const found = (kind: 0 | 1, most: number): Match[] => {
    const all: Match[] = [];
    for (const place of chain(kind)) {
      all.push({ next: place + 1, length: matchLength(place) });
      if (all.length === most) break;
    }
    return all;
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
      const pairs = found(1, most);
      return pairs.length > 0 ? pairs : found(0, most);
    },
  };
}
