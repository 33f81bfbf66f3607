import { DisposedError, ImageError } from '../../contracts/errors.ts';
import type { GenerateResult } from '../../contracts/generate.ts';
import type { LoadProgress, LoadSettings, ModelInfo } from '../../contracts/load.ts';
import type { Engine } from '../engine.ts';
import { createCancelFlag, setCancelled } from './cancel-flag.ts';
import { deferred } from './deferred.ts';
import { fromErrorData } from './error-data.ts';
import type { FromEngine, ToEngine } from './protocol.ts';

export interface EnginePort {
  /** Whether a SharedArrayBuffer crosses; then a request's end is seen while the engine is busy. */
  readonly sharesMemory: boolean;
  readonly send: (message: ToEngine) => void;
  /** `lost` is called when the engine's thread is gone, once or more. */
  readonly listen: (handle: (message: FromEngine) => void, lost: (error: Error) => void) => void;
  /** Whether work is under way that must keep the process alive. */
  readonly hold: (busy: boolean) => void;
  readonly close: () => Promise<unknown>;
}

interface Call {
  readonly emit: Parameters<Engine['generate']>[1];
  readonly resolve: (result: GenerateResult) => void;
  readonly reject: (error: Error) => void;
}

/** The caller's side of the border: an engine whose work happens behind the port. */
export async function connectEngine(
  port: EnginePort,
  settings: LoadSettings,
  onProgress: (progress: LoadProgress) => void = () => {},
): Promise<Engine> {
  const loaded = deferred<ModelInfo>();
  const ended = deferred<void>();
  const calls = new Map<number, Call>();
  let nextId = 0;
  let unusable: Error | undefined;
  let disposal: Promise<void> | undefined;

  const take = (id: number): Call | undefined => {
    const call = calls.get(id);
    calls.delete(id);
    if (calls.size === 0 && disposal === undefined) port.hold(false);
    return call;
  };
  const lose = (error: Error) => {
    unusable ??= error;
    loaded.reject(error);
    ended.resolve();
    for (const id of [...calls.keys()]) take(id)?.reject(error);
  };
  port.listen((message) => {
    if (message.type === 'progress') onProgress(message.progress);
    else if (message.type === 'loaded') loaded.resolve(message.info);
    else if (message.type === 'not-loaded') loaded.reject(fromErrorData(message.error));
    else if (message.type === 'events') calls.get(message.id)?.emit(message.events);
    else if (message.type === 'result') take(message.id)?.resolve(message.result);
    else if (message.type === 'failed') take(message.id)?.reject(fromErrorData(message.error));
    else ended.resolve();
  }, lose);

  const dispose = async (): Promise<void> => {
    if (unusable !== undefined) return;
    unusable = new DisposedError('model');
    port.hold(true);
    port.send({ type: 'dispose' });
    await ended.promise;
    await port.close();
  };
  port.send({ type: 'load', settings });
  const info = await loaded.promise.catch(async (error: unknown) => {
    await port.close();
    throw error;
  });
  port.hold(false);
  return {
    info,
    generate: (request, emit, signal) =>
      new Promise((resolve, reject) => {
        if (unusable !== undefined) throw unusable;
        const id = nextId++;
        const flag = port.sharesMemory ? createCancelFlag() : undefined;
        const cancel = () => {
          if (!calls.has(id)) return;
          if (flag !== undefined) setCancelled(flag);
          port.send({ type: 'cancel', id });
        };
        try {
          port.send({ type: 'generate', id, request, ...(flag && { flag }) });
        } catch (cause) {
          // A request is plain data but for the bytes of pictures, whose buffer may have been given away.
          throw new ImageError('bytes', 'they are not there any more; give a buffer of its own.', {
            cause,
          });
        }
        calls.set(id, { emit, resolve, reject });
        port.hold(true);
        if (signal?.aborted) cancel();
        else signal?.addEventListener('abort', cancel);
      }),
    forget() {
      if (unusable === undefined) port.send({ type: 'forget' });
    },
    dispose() {
      disposal ??= dispose();
      return disposal;
    },
  };
}
