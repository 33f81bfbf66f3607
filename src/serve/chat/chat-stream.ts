import type { GenerateEvent } from '../../contracts/generate.ts';
import type { ToolCallDelta } from '../../contracts/tool-call.ts';
import { passFigures } from '../figures/pass-figures.ts';
import { usageOf } from '../figures/usage.ts';
import { merge } from '../http/merge.ts';
import type { Order } from '../work/desk.ts';
import { joinDeltas } from '../work/join-deltas.ts';
import { type Finished, figuresOf, type Heading } from './chat-answer.ts';
import { chatLogprobs } from './chat-logprobs.ts';
import type { Delivery } from './read-chat.ts';

/**
 * The answer of `/v1/chat/completions` in chunks: a role for each choice, its words and calls as they come, why it ended, and in the
 * last chunk what it took; with `include_usage` that is one more, without choices.
 */
export async function* chatStream(
  heading: Heading,
  orders: readonly Order[],
  { includeUsage, passes }: Pick<Delivery, 'includeUsage' | 'passes'>,
): AsyncGenerator<object, void, undefined> {
  const finished: Finished[] = [];
  const chunk = (choices: readonly object[], more: object = {}) => ({
    ...{ id: heading.id, object: 'chat.completion.chunk', created: heading.created },
    ...{ model: heading.model, choices, ...(includeUsage && { usage: null }), ...more },
  });
  const started = new Set<number>();
  for await (const [index, event] of merge(orders.map(({ events }) => events))) {
    const told = passes ? { msd: passFigures(event) } : {};
    if (event.type === 'start' && !started.has(index)) {
      started.add(index);
      yield chunk([choiceOf(index, { role: 'assistant', content: '', refusal: null })], told);
    }
    if (event.type === 'prefill' && passes) yield chunk([choiceOf(index, {})], told);
    if (event.type === 'token') {
      const delta = deltaOf(event);
      const says = delta.content || delta.tool_calls || event.logprobs || passes;
      if (says) yield chunk([{ ...choiceOf(index, delta), ...logprobsOf(event) }], told);
    }
    if (event.type === 'round' && passes) yield chunk([choiceOf(index, {})], told);
    if (event.type !== 'done') continue;
    finished[index] = { result: event.result, figures: (orders[index] as Order).record.figures() };
    const isLast = finished.filter(Boolean).length === orders.length;
    const last = isLast && !includeUsage ? figuresOf(finished) : {};
    yield chunk([choiceOf(index, {}, event.result.finishReason)], { ...told, ...last });
  }
  if (!includeUsage) return;
  const results = finished.map(({ result }) => result);
  const usage = usageOf(results, results.length);
  yield { ...chunk([]), usage, ...figuresOf(finished) };
}

const choiceOf = (index: number, delta: object, finish: string | null = null) => ({
  ...{ index, delta, logprobs: null as object | null, finish_reason: finish },
});

type TokenEvent = GenerateEvent & { readonly type: 'token' };

/** What a token makes certain, of words and of calls. */
function deltaOf({ text, content = text, toolCalls = [] }: TokenEvent): Delta {
  if (toolCalls.length === 0) return { content };
  return { ...(content !== '' && { content }), tool_calls: joinDeltas(toolCalls).map(callDelta) };
}
interface Delta {
  readonly content?: string;
  readonly tool_calls?: readonly object[];
}

const callDelta = ({ index, id, name, arguments: written }: ToolCallDelta) => ({
  index,
  ...(id !== undefined && { id, type: 'function' }),
  function: { ...(name !== undefined && { name }), arguments: written },
});

const logprobsOf = ({ logprobs }: TokenEvent) =>
  logprobs ? { logprobs: chatLogprobs([logprobs]) } : {};
