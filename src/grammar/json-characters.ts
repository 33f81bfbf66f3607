import type { CodeRange } from './code-ranges.ts';
import { cutRanges, MOST_CODE } from './code-ranges.ts';
import { anyTimes, characters, choice, type Expression, literal, sequence } from './expression.ts';

/** Inside the quotes of JSON, what stands for itself: all but quote, backslash and control characters. */
export const PLAIN: readonly CodeRange[] = [
  [0x20, 0x21],
  [0x23, 0x5b],
  [0x5d, MOST_CODE],
];
const HEX: readonly CodeRange[] = [
  [0x30, 0x39],
  [0x41, 0x46],
  [0x61, 0x66],
];
const hex = characters(HEX);

/** `\u` and four digits; no half of a pair, so that a character is one, however it is written. */
const escapedCode = sequence(
  literal('u'),
  choice(
    sequence(
      characters(
        HEX.flatMap((range) =>
          cutRanges(
            [range],
            [
              [0x44, 0x44],
              [0x64, 0x64],
            ],
          ),
        ),
      ),
      hex,
    ),
    sequence(
      characters([
        [0x44, 0x44],
        [0x64, 0x64],
      ]),
      characters([[0x30, 0x37]]),
    ),
  ),
  hex,
  hex,
);

/** One character that is written as itself. */
export const plainCharacter = characters(PLAIN);

/** One character of a string, however it is written. */
export const anyCharacter = choice(
  plainCharacter,
  sequence(
    literal('\\'),
    choice(
      characters([...'"\\/bfnrt'].map((one) => [one.charCodeAt(0), one.charCodeAt(0)])),
      escapedCode,
    ),
  ),
);

/** One character of these, each written in the one way that `JSON.stringify` writes it. */
export function stringCharacters(ranges: readonly CodeRange[]): Expression {
  const plain = ranges.flatMap((range) => cutRanges([range], BEYOND));
  const escaped = BEYOND.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, at) => first + at),
  ).filter((code) => ranges.some(([first, last]) => first <= code && code <= last));
  return choice(
    characters(plain),
    ...escaped.map((code) => literal(JSON.stringify(String.fromCharCode(code)).slice(1, -1))),
  );
}

/** What is not plain. */
const BEYOND: readonly CodeRange[] = [
  [0, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
];

/** Any string, with its quotes. */
export const anyString = sequence(literal('"'), anyTimes(anyCharacter), literal('"'));
