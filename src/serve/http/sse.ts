import { type ApiError, errorBody } from '../api/api-error.ts';
import { toApiError } from '../api/to-api-error.ts';

export interface SseSettings {
  /** Milliseconds of silence before a comment keeps the connection open. */
  readonly pingMs: number;
  /** Milliseconds that a reader may leave what waits for it unread. */
  readonly stallMs: number;
}

/** What the answer's stream tells the connection. */
export interface SseEnds {
  /** The reader takes nothing; the connection is to be cut. */
  readonly stalled: () => void;
  /** The stream is no longer read, or ended. */
  readonly ended: () => void;
  /** What became an error event. */
  readonly failed: (error: unknown) => void;
}

/**
 * Server-sent events of a generator, pulled no faster than they are read: a slow reader holds one of them, and nobody
 * else's. An error becomes a last event in OpenAI's form.
 */
export function sseStream(
  source: AsyncGenerator<string, void, undefined>,
  { pingMs, stallMs }: SseSettings,
  { stalled, ended, failed }: SseEnds,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stall: NodeJS.Timeout | undefined;
  let next: Promise<IteratorResult<string, void>> | undefined;
  const end = () => {
    clearTimeout(stall);
    ended();
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      clearTimeout(stall);
      next ??= source.next();
      const given = await withPing(next, pingMs, failed);
      if (given !== 'silence') next = undefined;
      const text = given === 'silence' ? ': still here\n\n' : given.done ? null : given.value;
      if (text === null) {
        controller.close();
        end();
      } else {
        controller.enqueue(encoder.encode(text));
        stall = setTimeout(stalled, stallMs);
        stall.unref();
      }
    },
    cancel() {
      end();
      void source.return().catch(() => {});
    },
  });
}

async function withPing(
  next: Promise<IteratorResult<string, void>>,
  pingMs: number,
  failed: (error: unknown) => void,
): Promise<IteratorResult<string, void> | 'silence'> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silence'>((resolve) => {
    timer = setTimeout(resolve, pingMs, 'silence');
  });
  try {
    return await Promise.race([next, silence]);
  } catch (error) {
    failed(error);
    return { value: errorText(toApiError(error)), done: false };
  } finally {
    clearTimeout(timer);
  }
}

/** As the clients of chats read it, by its contents, and those of responses, by its name. */
function errorText(error: ApiError): string {
  const { code, message, param } = error;
  return `event: error\n${dataLine({ type: 'error', code, message, param, ...errorBody(error) })}`;
}

const dataLine = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

/** Each as a `data:` event, `[DONE]` last. */
export async function* dataEvents(
  chunks: AsyncGenerator<object, void, undefined>,
): AsyncGenerator<string, void, undefined> {
  for await (const chunk of chunks) yield dataLine(chunk);
  yield 'data: [DONE]\n\n';
}

/** Each under the name of its type. */
export async function* namedEvents(
  events: AsyncGenerator<{ readonly type: string }, void, undefined>,
): AsyncGenerator<string, void, undefined> {
  for await (const event of events) yield `event: ${event.type}\n${dataLine(event)}`;
}
