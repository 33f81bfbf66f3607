import { describe, expect, it } from 'vitest';
import type { ToolCallDelta } from '../../contracts/tool-call.ts';
import { createOutput, type OutputEvent } from './output-items.ts';

const first = (index: number, written = ''): ToolCallDelta => ({
  ...{ index, id: `call${index}`, name: 'draw', arguments: written },
});
const rest = (index: number, written: string): ToolCallDelta => ({ index, arguments: written });

/** An answer whose tokens add these words and pieces of calls. */
function answer(...tokens: readonly (readonly [string, ...ToolCallDelta[]])[]) {
  let ids = 0;
  const output = createOutput(() => `${ids++}`);
  const events = tokens.flatMap(([content, ...toolCalls]) =>
    output.take({ type: 'token', id: 0, text: 'x', drafted: false, content, toolCalls }),
  );
  return { events: [...events, ...output.end('completed')], output };
}
const gist = (events: readonly OutputEvent[]) =>
  events.map(({ type, output_index, delta, item_id }) =>
    [type.replace('response.', ''), output_index, delta, item_id].filter((x) => x !== undefined),
  );
const items = (output: ReturnType<typeof createOutput>) =>
  output.items.map((item) => ('arguments' in item ? item.arguments : item));

describe('the items of a response', () => {
  it('are words and then a call, each of which begins, grows and ends', () => {
    const { events, output } = answer(
      ['Well'],
      ['', first(0)],
      ['', rest(0, '{"a"')],
      ['', rest(0, ': 1}')],
    );
    expect(gist(events)).toEqual([
      ['output_item.added', 0],
      ['content_part.added', 0, 'msg_0'],
      ['output_text.delta', 0, 'Well', 'msg_0'],
      ['output_text.done', 0, 'msg_0'],
      ['content_part.done', 0, 'msg_0'],
      ['output_item.done', 0],
      ['output_item.added', 1],
      ['function_call_arguments.delta', 1, '{"a"', 'fc_1'],
      ['function_call_arguments.delta', 1, ': 1}', 'fc_1'],
      ['function_call_arguments.done', 1, 'fc_1'],
      ['output_item.done', 1],
    ]);
    expect(output.items[1]).toEqual({
      ...{ type: 'function_call', id: 'fc_1', call_id: 'call0', name: 'draw' },
      ...{ arguments: '{"a": 1}', status: 'completed' },
    });
  });

  it('may be several calls that one token tells of', () => {
    const { output } = answer(['', first(0, '{'), rest(0, '}'), first(1, '[]')]);
    expect(items(output)).toEqual(['{}', '[]']);
  });

  it('have words behind a call after it, where one token holds the ends of both', () => {
    const { output } = answer(['', first(0, '{')], ['Done.', rest(0, '}')]);
    const [call, message] = items(output);
    expect([call, message]).toEqual(['{}', expect.objectContaining({ type: 'message' })]);
  });

  it('are an empty message where nothing was written', () => {
    const { output } = answer();
    expect(output.items).toMatchObject([{ type: 'message', content: [{ text: '' }] }]);
  });

  it('end as the answer does', () => {
    const output = createOutput(() => 'a');
    output.take({ type: 'token', id: 0, text: 'Cut', drafted: false });
    expect(output.items).toMatchObject([{ status: 'in_progress' }]);
    output.end('incomplete');
    expect(output.items).toMatchObject([{ status: 'incomplete' }]);
  });
});
