import type { GenerateEvent } from '../../contracts/generate.ts';
import type { ToolCallDelta } from '../../contracts/tool-call.ts';
import { joinDeltas } from '../work/join-deltas.ts';

/** An event of a streamed response, without its number. */
export type OutputEvent = { readonly type: string; readonly [field: string]: unknown };

/** What an answer is made of, in its order: messages and calls of functions, the last of which may still grow. */
export interface OutputItems {
  readonly items: readonly object[];
  /** What a token adds. */
  take(token: GenerateEvent & { readonly type: 'token' }): OutputEvent[];
  /** Of a pass that added nothing to be seen; null before the first item. */
  idle(): OutputEvent | null;
  /** The last item ends, so that the answer has one at least. */
  end(status: EndStatus): OutputEvent[];
}

export type EndStatus = 'completed' | 'incomplete';
type Status = EndStatus | 'in_progress';

interface Message {
  readonly type: 'message';
  readonly id: string;
  text: string;
}
interface Call {
  readonly type: 'function_call';
  readonly id: string;
  readonly index: number;
  readonly call_id: string;
  readonly name: string;
  arguments: string;
}

/** @param newId letters that nobody guesses */
export function createOutput(newId: () => string): OutputItems {
  const items: object[] = []; // those that ended
  let open: Message | Call | null = null;
  const place = () => ({ item_id: open?.id, output_index: items.length });

  const begin = (item: Message | Call): OutputEvent[] => {
    open = item;
    const added = { type: 'response.output_item.added', output_index: items.length };
    const begun = { ...added, item: itemOf(item, 'in_progress') };
    return item.type === 'function_call'
      ? [begun]
      : [begun, { ...partEvent('added'), part: outputText('') }];
  };
  const grow = (written: string) => {
    if (open?.type === 'message') open.text += written;
    else if (open !== null) open.arguments += written;
  };
  const partEvent = (what: 'added' | 'done') => ({
    ...{ type: `response.content_part.${what}`, ...place(), content_index: 0 },
  });
  const close = (status: EndStatus = 'completed'): OutputEvent[] => {
    if (open === null) return [];
    const item = itemOf(open, status);
    const last = { type: 'response.output_item.done', output_index: items.length, item };
    const before = open.type === 'message' ? messageDone(open) : [callDone(open)];
    items.push(item);
    open = null;
    return [...before, last];
  };
  const messageDone = ({ text }: Message): OutputEvent[] => [
    { ...textEvent('done'), text },
    { ...partEvent('done'), part: outputText(text) },
  ];
  const callDone = ({ name, arguments: written }: Call) => ({
    ...{ type: 'response.function_call_arguments.done', ...place(), name, arguments: written },
  });
  const textEvent = (what: 'delta' | 'done') => ({
    ...{ type: `response.output_text.${what}`, ...place(), content_index: 0, logprobs: [] },
  });
  const argumentsDelta = (delta: string) => ({
    ...{ type: 'response.function_call_arguments.delta', ...place(), delta },
  });

  const say = (words: string): OutputEvent[] => {
    if (words === '') return [];
    const before =
      open?.type === 'message' ? [] : [...close(), ...begin({ ...newMessage(), text: '' })];
    grow(words);
    return [...before, { ...textEvent('delta'), delta: words }];
  };
  const newMessage = () => ({ type: 'message' as const, id: `msg_${newId()}` });
  const call = ({ index, id, name = '', arguments: written }: ToolCallDelta): OutputEvent[] => {
    const before =
      id === undefined ? [] : [...close(), ...begin({ ...newCall(index), call_id: id, name })];
    grow(written);
    return written === '' ? before : [...before, argumentsDelta(written)];
  };
  const newCall = (index: number) => ({
    ...{ type: 'function_call' as const, id: `fc_${newId()}`, index, arguments: '' },
  });
  return {
    get items() {
      return open === null ? items : [...items, itemOf(open, 'in_progress')];
    },
    take({ text, content = text, toolCalls = [] }) {
      const deltas = joinDeltas(toolCalls);
      const goesOn = deltas[0]?.id === undefined ? deltas.splice(0, 1) : []; // before words behind it
      return [...goesOn.flatMap(call), ...say(content), ...deltas.flatMap(call)];
    },
    idle() {
      if (open === null) return null;
      if (open.type === 'function_call') return argumentsDelta('');
      return { ...textEvent('delta'), delta: '' };
    },
    end(status) {
      const empty = open === null && items.length === 0;
      return [...(empty ? begin({ ...newMessage(), text: '' }) : []), ...close(status)];
    },
  };
}

const outputText = (text: string) => ({
  ...{ type: 'output_text' as const, text, annotations: [], logprobs: [] },
});

function itemOf(item: Message | Call, status: Status): object {
  if (item.type === 'function_call') {
    const { index: _, ...call } = item;
    return { ...call, status };
  }
  const content = status === 'in_progress' && item.text === '' ? [] : [outputText(item.text)];
  return { type: item.type, id: item.id, status, role: 'assistant', content };
}
