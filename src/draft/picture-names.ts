import { createSuffixIndex, type Match, type SuffixIndex } from './suffix-index.ts';

/**
 * Names of what a prompt's pictures show. They stand in the prompt as embeddings alone, so that nothing else that guesses
 * from the text finds them there. Words that a question may ask for are looked up alike.
 */
export interface PictureNames {
  /** The names' tokens, one name behind the other, with a barrier between them. */
  readonly text: SuffixIndex;
  /** Where names begin in it, in their order, one of each first token. */
  readonly starts: readonly number[];
  /** Where the first name begins that has this first token. */
  startOf(token: number): number | undefined;
  /** Where some of a name, from its first token on, ends a text; `length` is how much of it. */
  within(text: SuffixIndex): readonly Match[];
}

/** Places that are looked at. */
const MOST_PLACES = 16;

/**
 * @param names in tokens
 * @param barrier stands in no name
 */
export function pictureNames(names: readonly Int32Array[], barrier: number): PictureNames {
  const text = createSuffixIndex();
  const begun: number[] = []; // of each place, where its name begins
  const starts = new Map<number, number>(); // by first token
  for (const name of names) {
    const start = text.length;
    const [first] = name;
    if (first !== undefined && !starts.has(first)) starts.set(first, start);
    for (const id of [...name, barrier]) {
      begun.push(start);
      text.push(id);
    }
  }
  return {
    text,
    starts: [...starts.values()],
    startOf: (token) => starts.get(token),
    within: (written) =>
      text.matchesOf(written, MOST_PLACES).flatMap(({ next, length }) => {
        const some = next - (begun[next - 1] as number);
        return length >= some && text.at(next) !== barrier ? [{ next, length: some }] : [];
      }),
  };
}
