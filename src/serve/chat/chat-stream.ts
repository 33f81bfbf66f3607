import type { GenerateEvent } from '../../contracts/generate.ts';
import { passFigures } from '../figures/pass-figures.ts';
import { usageOf } from '../figures/usage.ts';
import { merge } from '../http/merge.ts';
import type { Order } from '../work/desk.ts';
import { type Finished, figuresOf, type Heading } from './chat-answer.ts';
import { chatLogprobs } from './chat-logprobs.ts';
import type { Delivery } from './read-chat.ts';

/**
 * The answer of `/v1/chat/completions` in chunks: a role for each choice, its words as they come, why it ended, and in the
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
    if (event.type === 'token' && (event.text !== '' || event.logprobs || passes)) {
      yield chunk([{ ...choiceOf(index, { content: event.text }), ...logprobsOf(event) }], told);
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

const logprobsOf = ({ logprobs }: GenerateEvent & { type: 'token' }) =>
  logprobs ? { logprobs: chatLogprobs([logprobs]) } : {};
