import { describe, expect, it } from 'vitest';
import { accepts } from '../grammar/accepts.ts';
import { createAutomaton } from '../grammar/automaton.ts';
import { callExpression } from './call-expression.ts';
import { type CallFormat, callFormatOf } from './call-format.ts';
import { offeredFunctions } from './offered-functions.ts';

const tool = (name: string, more: object = {}) => ({
  type: 'function',
  function: {
    name,
    parameters: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
    ...more,
  },
});

function automaton(template: string, given: Partial<Parameters<typeof callExpression>[1]> = {}) {
  const format = callFormatOf(template) as CallFormat;
  const functions = offeredFunctions([tool('add'), tool('sub')]);
  const rules = { functions, words: false, parallel: true, isSpecial: () => false, ...given };
  const start = createAutomaton(callExpression(format, rules));
  return (text: string) => accepts(start, text);
}

const call = (name: string, given: string) =>
  `<tool_call>\n{"name": "${name}", "arguments": ${given}}\n</tool_call>`;
const [ADD, BAD] = [call('add', '{"n": 1}'), call('add', '{"n": "x"}')];

describe('answers that must call', () => {
  it('are calls of what is offered, with arguments that keep their schemas', () => {
    const reads = automaton('<tool_call>');
    expect([ADD, `${ADD}\n${call('sub', '{"n": -2}')}`].map(reads)).toEqual([true, true]);
    expect([BAD, call('mul', '{"n": 1}'), '', `Well. ${ADD}`, `${ADD} Well.`].some(reads)).toBe(
      false,
    );
  });

  it('are one call where more are not wanted', () => {
    const reads = automaton('<tool_call>', { parallel: false });
    expect([ADD, `${ADD}\n${ADD}`].map(reads)).toEqual([true, false]);
  });

  it('are written as Mistral and Llama 3 have them', () => {
    const mistral = automaton('[TOOL_CALLS]');
    expect(mistral('[TOOL_CALLS] [{"name": "add", "arguments": {"n": 1}}]')).toBe(true);
    expect(mistral('[TOOL_CALLS] [{"name": "add", "arguments": {}}]')).toBe(false);
    const llama = automaton('tools<|python_tag|>');
    expect(llama('{"name": "add", "parameters": {"n": 1}}')).toBe(true);
    expect(llama('Well.')).toBe(false);
  });
});

describe('answers that may call', () => {
  it('are any words, but what stands in a call is held to it', () => {
    const reads = automaton('<tool_call>', { words: true });
    expect(
      ['', 'A <tool> is <tool_cal and <<tool_call.', ADD, `Well. ${ADD}\n${ADD} Done.`].map(reads),
    ).toEqual([...[true, true, true, true]]);
    expect([BAD, `A <tool_call>`, `<<tool_call>\n{`, `${ADD}\n${BAD}`].some(reads)).toBe(false);
  });

  it('of Llama 3 are a call or words that begin otherwise', () => {
    const reads = automaton('tools<|python_tag|>', { words: true });
    expect(['Well {', '{"name": "add", "parameters": {"n": 1}}'].map(reads)).toEqual([true, true]);
    expect(['{"city": 1}', '{'].some(reads)).toBe(false);
  });
});

describe('parameters that can not be kept', () => {
  const impossible = tool('add', { parameters: { type: 'object', not: {} } });
  const strict = tool('add', { strict: true, parameters: { type: 'object', not: {} } });

  it('may be any where nothing forces the call', () => {
    const reads = automaton('<tool_call>', {
      words: true,
      functions: offeredFunctions([impossible]),
    });
    expect([call('add', '{"x": 1}'), call('add', '1')].map(reads)).toEqual([true, false]);
  });

  it('are refused by their place where it is forced, or strict', () => {
    const asked = (functions: object, words: boolean) => () =>
      automaton('<tool_call>', { words, functions: offeredFunctions([functions]) });
    const message = 'Schema #/tools/0/function/parameters: not is not supported';
    expect(asked(impossible, false)).toThrow(message);
    expect(asked(strict, true)).toThrow(message);
  });
});

it('names functions once each, and only such as have a name', () => {
  expect(() => offeredFunctions([tool('a'), tool('a')])).toThrow('two functions of the name a');
  expect(() => offeredFunctions([{ type: 'web_search' }])).toThrow('entry 0');
  expect(offeredFunctions([{ name: 'bare' }])[0]).toMatchObject({ name: 'bare', strict: false });
});
