import { SchemaError } from '../contracts/errors.ts';
import type { ResponseFormat } from '../contracts/response-format.ts';
import { MOST_CODE } from './code-ranges.ts';
import { characters, type Expression } from './expression.ts';
import { anyObject } from './json-values.ts';
import { readRegex } from './regex/read-regex.ts';
import { regexExpression } from './regex/regex-expression.ts';
import { RegexProblem } from './regex/regex-node.ts';
import { schemaExpression } from './schema/schema-expression.ts';

/**
 * The texts that an answer may come out as; null where it may be any.
 * @throws SchemaError
 */
export function formatExpression(format: ResponseFormat): Expression | null {
  switch (format.type) {
    case 'text':
      return null;
    case 'json_object':
      return anyObject;
    case 'json_schema':
      return schemaExpression(format.json_schema.schema ?? true);
    case 'regex':
      return plainText(format.regex);
  }
}

function plainText(regex: string): Expression {
  try {
    const spelling = { of: characters, any: characters([[0, MOST_CODE]]) };
    return regexExpression(readRegex(regex), spelling);
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    throw new SchemaError('#', 'regex', error.message);
  }
}
