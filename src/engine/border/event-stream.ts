import type { GenerateEvent, GenerateOptions } from '../../contracts/generate.ts';
import { resolveOptions } from '../answer/resolve-options.ts';
import type { Engine } from '../engine.ts';
import { createCancelFlag, setCancelled } from './cancel-flag.ts';

/** A request's events as they come, `done` last. Leaving the loop early cancels the request. */
export async function* eventStream(
  engine: Engine,
  options: GenerateOptions,
): AsyncGenerator<GenerateEvent, void, undefined> {
  const request = resolveOptions(options);
  const flag = createCancelFlag();
  const cancel = () => setCancelled(flag);
  options.signal?.addEventListener('abort', cancel, { once: true });
  if (options.signal?.aborted) cancel();
  const queue: GenerateEvent[] = [];
  let ended = false;
  let wake = () => {};
  const emit = (events: readonly GenerateEvent[]) => {
    queue.push(...events);
    wake();
  };
  const work = engine.generate(request, emit, flag).finally(() => {
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
    yield { type: 'done', result: await work };
  } finally {
    cancel();
    options.signal?.removeEventListener('abort', cancel);
    await work.catch(() => {});
  }
}
