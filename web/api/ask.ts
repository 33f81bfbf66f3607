import type { AnswerEvent } from '../answer/answer-event.ts';
import { answerEvents } from './answer-events.ts';
import { AskError } from './ask-error.ts';
import type { ChatBody } from './chat-body.ts';

/**
 * Asks for an answer and tells it as it comes.
 * @throws AskError; DOMException AbortError where the signal ends it
 */
export async function* ask(
  body: ChatBody,
  key: string,
  signal: AbortSignal,
): AsyncGenerator<readonly AnswerEvent[], void, undefined> {
  const response = await fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...keyHeader(key) },
    body: JSON.stringify(body),
    signal,
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new AskError('The server does not answer. Is it still running?', null);
  });
  if (!response.ok || response.body === null) throw await refusalOf(response);
  yield* answerEvents(response.body);
}

export const keyHeader = (key: string): Record<string, string> =>
  key === '' ? {} : { authorization: `Bearer ${key}` };

async function refusalOf(response: Response): Promise<AskError> {
  const told = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
  const message = told?.error?.message ?? `The server answered ${response.status}.`;
  return new AskError(message, response.status);
}
