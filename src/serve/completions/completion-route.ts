import type { Context } from 'hono';
import { readJson } from '../api/read-json.ts';
import { type Finished, figuresOf, type Heading } from '../chat/chat-answer.ts';
import { passFigures } from '../figures/pass-figures.ts';
import { usageOf } from '../figures/usage.ts';
import { deliverStream, finishAll } from '../http/deliver.ts';
import { merge } from '../http/merge.ts';
import type { ServerEnv } from '../http/server-env.ts';
import { dataEvents } from '../http/sse.ts';
import { modelNamed } from '../models/model-names.ts';
import type { ServerParts } from '../server-parts.ts';
import type { Order } from '../work/desk.ts';
import { completionLogprobs } from './completion-logprobs.ts';
import { type CompletionAsked, readCompletion } from './read-completion.ts';

/** `POST /v1/completions`: a text is gone on with as it stands. */
export const completionRoute = (parts: ServerParts) => async (c: Context<ServerEnv>) => {
  const { settings, drawSeed, desk, now, newId } = parts;
  const asked = readCompletion(await readJson(c.req.raw, settings), drawSeed);
  const model = modelNamed(asked.model, settings.names);
  const heading = { id: `cmpl-${newId()}`, created: Math.floor(now() / 1000), model };
  const orders = desk.order(asked.options, c.var.leave.signal);
  if (asked.stream) return deliverStream(c, parts, dataEvents(chunks(heading, orders, asked)));
  const finished = await finishAll(orders);
  return c.json({
    ...piece(
      heading,
      finished.map(({ result }, index) => ({
        ...{ index, text: result.text, finish_reason: result.finishReason },
        logprobs: asked.logprobs ? completionLogprobs(result.logprobs ?? [], 0) : null,
      })),
    ),
    usage: usageOf(
      finished.map(({ result }) => result),
      asked.choices,
    ),
    ...figuresOf(finished),
  });
};

const piece = ({ id, created, model }: Heading, choices: readonly object[]) => ({
  ...{ id, object: 'text_completion', created, model, choices },
});

/** The answer in chunks; figures as those of chats. */
async function* chunks(
  heading: Heading,
  orders: readonly Order[],
  { includeUsage, passes, choices }: Pick<CompletionAsked, 'includeUsage' | 'passes' | 'choices'>,
): AsyncGenerator<object, void, undefined> {
  const finished: Finished[] = [];
  const written = orders.map(() => 0);
  const usual = includeUsage ? { usage: null } : {};
  for await (const [index, event] of merge(orders.map(({ events }) => events))) {
    const told = passes ? { msd: passFigures(event) } : {};
    const chunk = (text: string, more: object) => ({
      ...piece(heading, [{ index, text, logprobs: null, finish_reason: null, ...more }]),
      ...{ ...usual, ...told },
    });
    if (event.type === 'token' && (event.text !== '' || event.logprobs || passes)) {
      const logprobs = event.logprobs && completionLogprobs([event.logprobs], written[index] ?? 0);
      yield chunk(event.text, logprobs ? { logprobs } : {});
      written[index] = (written[index] ?? 0) + event.text.length;
    } else if (event.type === 'done') {
      const { result } = event;
      finished[index] = { result, figures: (orders[index] as Order).record.figures() };
      const isLast = finished.filter(Boolean).length === orders.length;
      const last = isLast && !includeUsage ? figuresOf(finished) : {};
      yield { ...chunk('', { finish_reason: result.finishReason }), ...last };
    } else if (passes) yield chunk('', {});
  }
  if (!includeUsage) return;
  const usage = usageOf(
    finished.map(({ result }) => result),
    choices,
  );
  yield { ...piece(heading, []), usage, ...figuresOf(finished) };
}
