import {
  anyTimes,
  characters,
  choice,
  type Expression,
  literal,
  optional,
  repeat,
  rule,
  sequence,
} from './expression.ts';
import { anyString } from './json-characters.ts';
import { COLON, COMMA } from './json-text.ts';

export const NULL = literal('null');
export const BOOLEAN = choice(literal('true'), literal('false'));

const digit = characters([[0x30, 0x39]]);
const digits = (least: number, most: number): Expression => repeat(digit, least, most);

/** Any whole number that a double tells from its neighbours. */
export const anyInteger = sequence(
  optional(literal('-')),
  choice(literal('0'), sequence(characters([[0x31, 0x39]]), digits(0, 14))),
);

/** Any number that a double holds: without limits a model may write digits for ever. */
export const anyNumber = sequence(
  anyInteger,
  optional(sequence(literal('.'), digits(1, 15))),
  optional(
    sequence(
      characters([
        [0x45, 0x45],
        [0x65, 0x65],
      ]),
      optional(
        characters([
          [0x2b, 0x2b],
          [0x2d, 0x2d],
        ]),
      ),
      digits(1, 2),
    ),
  ),
);

/** Between brackets, with commas: any number of items. */
const listed = (open: string, item: Expression, close: string): Expression =>
  sequence(
    literal(open),
    optional(sequence(item, anyTimes(sequence(literal(COMMA), item)))),
    literal(close),
  );

export const anyArray = rule(() => listed('[', anyValue, ']'));
export const anyObject = rule(() =>
  listed('{', sequence(anyString, literal(COLON), anyValue), '}'),
);
export const anyValue: Expression = rule(() => VALUE);
const VALUE = choice(anyObject, anyArray, anyString, anyNumber, BOOLEAN, NULL);
