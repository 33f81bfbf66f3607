/**
 * A text as recycled tokens know it where pictures have names: a name is one mark, whichever it is, so that what is
 * learnt of one serves all. So is the token before an answer about what a picture shows, which begins otherwise than others.
 */
import type { Named } from '../../contracts/drafter.ts';
import type { Likely } from '../../contracts/target.ts';
import { LONGEST } from './law.ts';

/** Tokens of a text's end that an ending is found in, names in it included. */
export const TAIL = 32;

/** A text, token by token. */
interface Tokens {
  readonly length: number;
  at(place: number): number | undefined;
}

/** The last tokens of a text, names and the answer's beginning marked; as they are where nothing has a name. */
export function endingOf(text: Tokens, named: Named | undefined, mark: number): number[] {
  const { names, shown, written } = named ?? { names: [], shown: false, written: 0 };
  const begin = text.length - written; // of the answer
  const ending: number[] = [];
  for (let end = text.length; ending.length < LONGEST && end > 0; ) {
    if (shown && end === begin) {
      ending.unshift(mark);
      end -= 1;
      continue;
    }
    const name = longest(names.filter((one) => endsIn(text, one, begin, end)));
    ending.unshift(name === undefined ? (text.at(end - 1) as number) : mark);
    end -= name?.length ?? 1;
  }
  return ending;
}

/** Likely tokens, marked where a name begins with them. */
export function markedLikely(likely: Likely, names: Named['names'], mark: number): Likely {
  if (names.length === 0) return likely;
  const firsts = new Set(names.map(([first]) => first));
  return { ...likely, ids: likely.ids.map((id) => (firsts.has(id) ? mark : id)) };
}

/** Names, those last that the answer has said already. */
export function unsaidFirst(text: Tokens, { names, written }: Named): Int32Array[] {
  const begin = text.length - written;
  const said = (name: Int32Array): boolean => {
    for (let end = text.length; end > begin; end -= 1) {
      if (endsIn(text, name, begin, end)) return true;
    }
    return false;
  };
  const order = names.map((name) => ({ name, last: said(name) }));
  return [...order.filter(({ last }) => !last), ...order.filter(({ last }) => last)].map(
    ({ name }) => name,
  );
}

/** Whether a name of the answer, which begins at `begin`, ends before `end`. */
function endsIn(text: Tokens, name: Int32Array, begin: number, end: number): boolean {
  const first = end - name.length;
  return name.length > 0 && first >= begin && name.every((id, at) => text.at(first + at) === id);
}

const longest = (names: readonly Int32Array[]): Int32Array | undefined =>
  names.reduce<Int32Array | undefined>(
    (best, name) => (name.length > (best?.length ?? 0) ? name : best),
    undefined,
  );
