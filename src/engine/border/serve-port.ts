import type { LoadProgress, LoadSettings } from '../../contracts/load.ts';
import type { Engine } from '../engine.ts';
import { signalWith } from './cancel-flag.ts';
import { toErrorData } from './error-data.ts';
import type { FromEngine, ToEngine } from './protocol.ts';

export interface CallerPort {
  readonly send: (message: FromEngine) => void;
  readonly listen: (handle: (message: ToEngine) => void) => void;
}

/** The engine's side of the border: reads messages, answers them. Node's and the browser's ports fit. */
export function servePort(
  port: CallerPort,
  openEngine: (settings: LoadSettings, tell: (progress: LoadProgress) => void) => Promise<Engine>,
): void {
  let engine: Engine | undefined;
  const running = new Map<number, { cancel: AbortController; work: Promise<void> }>();

  const load = async (settings: LoadSettings): Promise<void> => {
    try {
      engine = await openEngine(settings, (progress) => port.send({ type: 'progress', progress }));
      port.send({ type: 'loaded', info: engine.info });
    } catch (error) {
      port.send({ type: 'not-loaded', error: toErrorData(error) });
    }
  };
  const generate = async (
    { id, request, flag }: ToEngine & { type: 'generate' },
    signal: AbortSignal,
  ) => {
    try {
      if (engine === undefined) throw new TypeError('asked to generate before the model is loaded');
      const emit: Parameters<Engine['generate']>[1] = (events) =>
        port.send({ type: 'events', id, events });
      const result = await engine.generate(request, emit, signalWith(signal, flag));
      port.send({ type: 'result', id, result });
    } catch (error) {
      port.send({ type: 'failed', id, error: toErrorData(error) });
    }
  };
  const dispose = async (): Promise<void> => {
    try {
      await engine?.dispose();
      await Promise.all([...running.values()].map(({ work }) => work)); // so that every answer is out before the last word
    } finally {
      port.send({ type: 'disposed' });
    }
  };
  port.listen((message) => {
    if (message.type === 'load') void load(message.settings);
    else if (message.type === 'dispose') void dispose();
    else if (message.type === 'forget') engine?.forget();
    else if (message.type === 'cancel') running.get(message.id)?.cancel.abort();
    else {
      const cancel = new AbortController();
      const work = generate(message, cancel.signal);
      running.set(message.id, { cancel, work });
      void work.then(() => running.delete(message.id));
    }
  });
}
