import type { GenerateEvent, GenerateOptions } from '../../contracts/generate.ts';
import type { ReadPicture } from '../../contracts/image.ts';
import { pictureInMemory } from '../../input/picture-in-memory.ts';
import { type Request, resolveOptions } from '../answer/resolve-options.ts';
import type { Engine } from '../engine.ts';
import { readPictures } from './read-pictures.ts';

/** A request's events as they come, `done` last; its pictures are read first. Leaving the loop early cancels the request. */
export async function* eventStream(
  engine: Engine,
  options: GenerateOptions,
  read: ReadPicture = pictureInMemory,
): AsyncGenerator<GenerateEvent, void, undefined> {
  const asked = resolveOptions(options, engine.info.drafters);
  const controller = new AbortController();
  const { signal } = controller;
  const cancel = () => controller.abort();
  options.signal?.addEventListener('abort', cancel, { once: true });
  if (options.signal?.aborted) cancel();
  const queue: GenerateEvent[] = [];
  let ended = false;
  let wake = () => {};
  const emit = (events: readonly GenerateEvent[]) => {
    queue.push(...events);
    wake();
  };
  const ask = (request: Request) => engine.generate(request, emit, signal);
  // One without pictures is there at once, so that whoever disposes of the engine next finds it running.
  const asking =
    asked.images.length === 0
      ? ask({ ...asked, images: [] })
      : readPictures(asked, read, signal).then(ask);
  const work = asking.finally(() => {
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
