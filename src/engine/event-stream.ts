import type { GenerateEvent, GenerateOptions } from '../contracts/generate.ts';
import type { Engine } from './engine.ts';

/** A request's events as they come, `done` last. Leaving the loop early cancels the request. */
export async function* eventStream(
  engine: Engine,
  options: GenerateOptions,
): AsyncGenerator<GenerateEvent, void, undefined> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted) abort();
  const { signal } = controller;
  const queue: GenerateEvent[] = [];
  let ended = false;
  let wake = () => {};
  const emit = (event: GenerateEvent) => {
    queue.push(event);
    wake();
  };
  const work = engine
    .generate({ ...options, signal }, emit, () => signal.aborted)
    .finally(() => {
      ended = true;
      wake();
    });
  work.catch(() => {}); // awaited below, once the events before the failure are out
  try {
    for (;;) {
      for (let event = queue.shift(); event !== undefined; event = queue.shift()) yield event;
      if (ended) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    await work;
  } finally {
    abort();
    options.signal?.removeEventListener('abort', abort);
    await work.catch(() => {});
  }
}
