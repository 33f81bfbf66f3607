import { callExpression } from '../../calls/call-expression.ts';
import type { CallFormat } from '../../calls/call-format.ts';
import { offeredFunctions } from '../../calls/offered-functions.ts';
import { OptionError } from '../../contracts/errors.ts';
import type { GrammarState } from '../../contracts/grammar.ts';
import { choice, type Expression } from '../../grammar/expression.ts';
import { formatExpression } from '../../grammar/format-expression.ts';
import type { Model } from '../model.ts';
import type { Request } from './resolve-options.ts';
import { mustCall } from './tool-options.ts';

/** What an answer is to come out as. */
export interface Form {
  /** What it must keep, before its first token; null where it may be any text. */
  readonly start: GrammarState | null;
  /** How calls stand in it; null where none are looked for. */
  readonly calls: CallFormat | null;
}

type Asked = Pick<Request, 'responseFormat' | 'tools' | 'toolChoice' | 'parallelToolCalls'>;

/** @throws SchemaError, OptionError */
export function openForm(
  { grammars, callFormat, tokenizer }: Pick<Model, 'grammars' | 'callFormat' | 'tokenizer'>,
  asked: Asked,
): Form {
  const { responseFormat, tools = [], toolChoice, parallelToolCalls = true } = asked;
  const format = responseFormat === undefined ? null : formatExpression(responseFormat);
  const calls = tools.length === 0 || toolChoice === 'none' ? null : callFormat;
  if (calls === null && tools.length > 0 && mustCall(toolChoice)) {
    throw new OptionError(
      'toolChoice',
      "can't force a call: the model's chat template has calls written in no form that is known here (Hermes and Qwen, Llama 3, Mistral); leave it to the model, with auto.",
    );
  }
  const expressions: Expression[] = format === null ? [] : [format];
  if (calls !== null && callsAreKept(asked)) {
    const named = typeof toolChoice === 'object' ? toolChoice.function.name : undefined;
    const functions = offeredFunctions(tools).filter(({ name }) => name === (named ?? name));
    const words = !mustCall(toolChoice) && format === null;
    const isSpecial = (mark: string | null) => {
      const id = mark === null ? undefined : tokenizer.tokenId(mark);
      return id !== undefined && tokenizer.isSpecial(id);
    };
    const rules = { functions, words, parallel: parallelToolCalls, isSpecial };
    expressions.push(callExpression(calls, rules));
  }
  if (expressions.length === 0) return { start: null, calls };
  const name = JSON.stringify([responseFormat, tools, toolChoice, parallelToolCalls]);
  return { start: grammars.open(name, () => choice(...expressions)), calls };
}

/** Whether calls are held to a grammar: where they are forced, or a function is strict. */
function callsAreKept({ tools = [], toolChoice, responseFormat }: Asked): boolean {
  if (mustCall(toolChoice) || (responseFormat && responseFormat.type !== 'text')) return true;
  return offeredFunctions(tools).some(({ strict }) => strict);
}
