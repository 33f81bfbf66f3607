import { cutRanges } from './code-ranges.ts';
import {
  anyTimes,
  characters,
  choice,
  EMPTY,
  type Expression,
  literal,
  NOTHING,
  sequence,
} from './expression.ts';
import { PLAIN, plainCharacter } from './json-characters.ts';

/** Names of properties, in quotes and without escapes, that are none of these. */
export const otherNames = (names: readonly string[]): Expression =>
  sequence(literal('"'), none([...new Set(names)].map((name) => [...name])), literal('"'));

/** What may stand behind a beginning that these names have in common, so that none of them comes out. */
function none(names: readonly (readonly string[])[]): Expression {
  const isName = names.some((rest) => rest.length === 0);
  const next = new Map<string, string[][]>();
  for (const [first, ...rest] of names) {
    if (first !== undefined) next.set(first, [...(next.get(first) ?? []), rest]);
  }
  const taken = [...next.keys()].map((one) => {
    const code = one.codePointAt(0) as number;
    return [code, code] as const;
  });
  return choice(
    isName ? NOTHING : EMPTY,
    sequence(characters(cutRanges(PLAIN, taken)), anyTimes(plainCharacter)),
    ...[...next].map(([first, rest]) => sequence(literal(first), none(rest))),
  );
}
