import type { LoadProgress, LoadSettings } from '../../contracts/load.ts';
import { createEngine, type Engine } from '../engine.ts';
import type { Host } from '../host.ts';
import { toErrorData } from './error-data.ts';
import type { FromEngine, ToEngine } from './protocol.ts';

export interface CallerPort {
  readonly send: (message: FromEngine) => void;
  readonly listen: (handle: (message: ToEngine) => void) => void;
}

/** The engine's side of the border: reads messages, answers them. Node's and the browser's ports fit. */
export function servePort(
  port: CallerPort,
  createHost: (settings: LoadSettings, tell: (progress: LoadProgress) => void) => Promise<Host>,
): void {
  let engine: Engine | undefined;
  const running = new Set<Promise<void>>();

  const load = async (settings: LoadSettings): Promise<void> => {
    try {
      const host = await createHost(settings, (progress) =>
        port.send({ type: 'progress', progress }),
      );
      engine = await createEngine(host, settings);
      port.send({ type: 'loaded', info: engine.info });
    } catch (error) {
      port.send({ type: 'not-loaded', error: toErrorData(error) });
    }
  };
  const generate = async ({ id, request, flag }: ToEngine & { type: 'generate' }) => {
    try {
      if (engine === undefined) throw new TypeError('asked to generate before the model is loaded');
      const emit: Parameters<Engine['generate']>[1] = (events) =>
        port.send({ type: 'events', id, events });
      const result = await engine.generate(request, emit, flag);
      port.send({ type: 'result', id, result });
    } catch (error) {
      port.send({ type: 'failed', id, error: toErrorData(error) });
    }
  };
  const dispose = async (): Promise<void> => {
    try {
      await engine?.dispose();
      await Promise.all(running); // so that every answer is out before the last word
    } finally {
      port.send({ type: 'disposed' });
    }
  };
  port.listen((message) => {
    if (message.type === 'load') void load(message.settings);
    else if (message.type === 'dispose') void dispose();
    else {
      const work = generate(message);
      running.add(work);
      void work.then(() => running.delete(work));
    }
  });
}
