import { DisposedError } from '../contracts/errors.ts';
import type { LoadSettings } from '../contracts/load.ts';
import type { Engine } from './engine.ts';
import { fromErrorData } from './error-data.ts';
import type { FromEngine, ToEngine } from './protocol.ts';

interface Call {
  readonly emit: Parameters<Engine['generate']>[1];
  readonly resolve: (result: Awaited<ReturnType<Engine['generate']>>) => void;
  readonly reject: (error: Error) => void;
}

export interface EnginePort {
  readonly send: (message: ToEngine) => void;
  readonly listen: (handle: (message: FromEngine) => void, lost: (error: Error) => void) => void;
  /** Whether work is under way that must keep the process alive. */
  readonly hold: (busy: boolean) => void;
  readonly close: () => Promise<unknown>;
}

/** The caller's side of the border: an engine whose work happens behind the port. */
export async function connectEngine(port: EnginePort, settings: LoadSettings): Promise<Engine> {
  const calls = new Map<number, Call>();
  const forget = (id: number) => {
    calls.delete(id);
    if (calls.size === 0) port.hold(false);
  };
  let nextId = 0;
  let onLoaded: { resolve: (info: Engine['info']) => void; reject: (error: Error) => void };
  let onDisposed: (() => void) | undefined;
  let gone: Error | undefined;
  const loaded = new Promise<Engine['info']>((resolve, reject) => {
    onLoaded = { resolve, reject };
  });
  port.listen(
    (message) => {
      if (message.type === 'loaded') return onLoaded.resolve(message.info);
      if (message.type === 'disposed') return onDisposed?.();
      if (message.type === 'failed' && message.id === null)
        return onLoaded.reject(fromErrorData(message.error));
      const id = message.id as number;
      const call = calls.get(id);
      if (message.type === 'event') return call?.emit(message.event);
      forget(id);
      if (message.type === 'failed') return call?.reject(fromErrorData(message.error));
      call?.emit({ type: 'done', result: message.result });
      call?.resolve(message.result);
    },
    (error) => {
      gone = error;
      onLoaded.reject(error);
      for (const call of calls.values()) call.reject(error);
      calls.clear();
    },
  );
  port.send({ type: 'load', settings });
  const info = await loaded.catch(async (error: unknown) => {
    await port.close();
    throw error;
  });
  port.hold(false);
  return {
    info,
    generate(options, emit, cancelled) {
      if (gone !== undefined) return Promise.reject(gone);
      return new Promise((resolve, reject) => {
        const id = nextId++;
        const cancel = new Uint8Array(new SharedArrayBuffer(1));
        const { signal, ...plain } = options;
        const stop = () => Atomics.store(cancel, 0, 1);
        if (cancelled()) stop();
        signal?.addEventListener('abort', stop, { once: true });
        calls.set(id, { emit, resolve, reject });
        port.hold(true);
        port.send({ type: 'generate', id, options: plain, cancel });
      });
    },
    async dispose() {
      if (gone !== undefined) return;
      gone = new DisposedError('model');
      await new Promise<void>((resolve) => {
        onDisposed = resolve;
        port.send({ type: 'dispose' });
      });
      await port.close();
    },
  };
}
