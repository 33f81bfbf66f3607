import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallFormat, callFormatOf } from './call-format.ts';
import { createCallReader } from './read-calls.ts';

const FORMATS = {
  hermes: callFormatOf('{{ tools }}<tool_call>') as CallFormat,
  mistral: callFormatOf('[TOOL_CALLS]') as CallFormat,
  llama3: callFormatOf('{% if tools %}<|python_tag|>') as CallFormat,
};

/** An answer that is read in pieces: its words, its calls, and the same put together from what was told on the way. */
function read(format: CallFormat, pieces: readonly string[]) {
  const reader = createCallReader(format, (index) => `call0000${index}`);
  const readings = [...pieces.map((piece) => reader.push(piece)), reader.end()];
  const streamed: { name: string; arguments: string }[] = [];
  for (const { index, id, name, arguments: text } of readings.flatMap(({ deltas }) => deltas)) {
    if (id !== undefined) streamed.push({ name: name ?? '', arguments: '' });
    const call = streamed[index];
    if (call !== undefined) call.arguments += text;
  }
  const content = readings.map((one) => one.content).join('');
  return { content, calls: reader.calls.map(({ function: made }) => made), streamed, readings };
}

const hermes = (name: string, given: string) =>
  `<tool_call>\n{"name": "${name}", "arguments": ${given}}\n</tool_call>`;
const GIVEN = '{"city": "Ra\\"}b", "days": [1, {"a": 2}]}';

describe('a reader of calls', () => {
  it.each<[string, CallFormat, string, string, string[]]>([
    ['Hermes', FORMATS.hermes, hermes('sun', GIVEN), '', ['sun']],
    [
      'two of Hermes',
      FORMATS.hermes,
      `Well.\n${hermes('sun', GIVEN)}\n${hermes('rain', GIVEN)}`,
      'Well.',
      ['sun', 'rain'],
    ],
    [
      'a list in a tag',
      FORMATS.hermes,
      `<tool_call>[{"name": "a", "arguments": ${GIVEN}}, {"name": "b", "arguments": ${GIVEN}}]</tool_call>`,
      '',
      ['a', 'b'],
    ],
    [
      'arguments before the name',
      FORMATS.hermes,
      `<tool_call>{"arguments": ${GIVEN}, "name": "a"}</tool_call>`,
      '',
      ['a'],
    ],
    [
      'Mistral',
      FORMATS.mistral,
      `[TOOL_CALLS] [{"name": "a", "arguments": ${GIVEN}, "id": "123456789"}, {"name": "b", "arguments": ${GIVEN}}]`,
      '',
      ['a', 'b'],
    ],
    [
      'Llama 3',
      FORMATS.llama3,
      ` {"type": "function", "name": "a", "parameters": ${GIVEN}}`,
      '',
      ['a'],
    ],
  ])(
    'takes calls of %s out of an answer, and streams the same',
    (_, format, answer, content, names) => {
      const cut = fc.array(fc.nat(answer.length), { maxLength: 12 });
      fc.assert(
        fc.property(cut, (places) => {
          const cuts = [0, ...places.sort((a, b) => a - b), answer.length];
          const pieces = cuts.slice(1).map((to, at) => answer.slice(cuts[at], to));
          const told = read(format, pieces);
          expect(told.content).toBe(content);
          expect(told.calls).toEqual(names.map((name) => ({ name, arguments: GIVEN })));
          expect(told.streamed).toEqual(told.calls);
        }),
        { numRuns: 50 },
      );
    },
  );

  it('tells arguments as they are written, not when a call is over', () => {
    const { readings } = read(FORMATS.hermes, [
      '<tool_call>{"name": "a", "arguments": {"x": ',
      '12',
      '}}</tool_call>',
    ]);
    expect(readings[0]?.deltas.map((one) => one.arguments)).toEqual(['', '{"x": ']);
    expect(readings[1]?.deltas).toEqual([{ index: 0, arguments: '12' }]);
  });

  it.each<[string, CallFormat, string]>([
    ['words', FORMATS.hermes, 'It is <tool and no call.'],
    ['a mark at the end', FORMATS.hermes, 'I would say <tool_cal'],
    ['a call without a name', FORMATS.hermes, '<tool_call>{"arguments": {}}</tool_call> or so'],
    ['words behind white space', FORMATS.llama3, '  Hello {"name": "a"}'],
    ['JSON that is no call', FORMATS.llama3, '{"city": "Oslo"}'],
    ['white space', FORMATS.llama3, '  '],
  ])('leaves %s as it is', (_, format, answer) => {
    for (const pieces of [[answer], [...answer]]) {
      expect(read(format, pieces)).toMatchObject({ content: answer, calls: [] });
    }
  });

  it('keeps what was written of a call that is cut short', () => {
    const { calls } = read(FORMATS.hermes, ['<tool_call>\n{"name": "a", "arguments": {"x": "lo']);
    expect(calls).toEqual([{ name: 'a', arguments: '{"x": "lo' }]);
  });
});

describe('the form of calls', () => {
  it('is told by the marks that a template writes', () => {
    expect(Object.values(FORMATS).map(({ name }) => name)).toEqual([
      'hermes',
      'mistral',
      'llama-3',
    ]);
    expect(callFormatOf('{{ messages }}')).toBeNull();
    expect(callFormatOf('[TOOL_CALLS]{{ name }}[ARGS]'), 'a form that is not known').toBeNull();
  });
});
