import { Worker } from 'node:worker_threads';
import type { LoadSettings } from '../../contracts/load.ts';
import { connectEngine, type EnginePort } from '../connect-port.ts';
import type { Engine } from '../engine.ts';
import { EngineLostError } from '../engine-lost-error.ts';

/** Loads an engine in a thread of its own. An idle engine does not keep the process alive. */
export function spawnEngine(settings: LoadSettings): Promise<Engine> {
  const worker = new Worker(new URL('./worker.js', import.meta.url));
  const port: EnginePort = {
    send: (message) => worker.postMessage(message),
    listen(handle, lost) {
      worker.on('message', handle);
      worker.on('messageerror', (cause) =>
        lost(new EngineLostError('unreadable message', { cause })),
      );
      worker.on('error', (cause) => lost(new EngineLostError(cause.message, { cause })));
      worker.on('exit', (code) => lost(new EngineLostError(`exit code ${code}`)));
    },
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
    close: () => worker.terminate(),
  };
  return connectEngine(port, settings);
}
