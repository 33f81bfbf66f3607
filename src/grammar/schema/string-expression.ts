import { SchemaError } from '../../contracts/errors.ts';
import { type Expression, literal, repeat, sequence } from '../expression.ts';
import { anyCharacter, anyString, stringCharacters } from '../json-characters.ts';
import { readRegex } from '../regex/read-regex.ts';
import { regexExpression, textLengths } from '../regex/regex-expression.ts';
import { type RegexNode, RegexProblem } from '../regex/regex-node.ts';
import type { StringRules } from './case.ts';

const QUOTE = literal('"');

/** A string with its quotes; lengths count characters, however they are written. */
export function stringExpression(rules: StringRules | null): Expression {
  if (rules === null) return anyString;
  const { least, most, pattern } = rules;
  if (pattern === null) return sequence(QUOTE, repeat(anyCharacter, least, most), QUOTE);
  const { source, path, keyword } = pattern;
  try {
    const regex = readRegex(source);
    requireLengths(regex, rules, path, keyword);
    const inside = regexExpression(regex, { of: stringCharacters, any: anyCharacter });
    return sequence(QUOTE, inside, QUOTE);
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    throw new SchemaError(path, keyword, error.message);
  }
}

/** A pattern beside lengths is kept only where it keeps them by itself. */
function requireLengths(
  regex: RegexNode,
  { least, most }: StringRules,
  path: string,
  keyword: string,
): void {
  const own = textLengths(regex);
  if (own.least >= least && own.most <= most) return;
  throw new SchemaError(
    path,
    own.least < least ? 'minLength' : 'maxLength',
    `stands beside a ${keyword} that allows other lengths; say the length in a pattern, as ^[a-z]{${least},${Number.isFinite(most) ? most : ''}}$`,
  );
}
