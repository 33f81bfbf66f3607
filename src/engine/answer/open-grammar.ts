import type { GrammarState } from '../../contracts/grammar.ts';
import { formatExpression } from '../../grammar/format-expression.ts';
import type { Model } from '../model.ts';
import type { Request } from './resolve-options.ts';

/**
 * What an answer is to keep, before its first token; null where it may be any text.
 * @throws SchemaError, OptionError
 */
export function openGrammar(
  { grammars }: Pick<Model, 'grammars'>,
  { responseFormat }: Pick<Request, 'responseFormat'>,
): GrammarState | null {
  if (responseFormat === undefined) return null;
  const expression = formatExpression(responseFormat);
  return expression && grammars.open(JSON.stringify(responseFormat), () => expression);
}
