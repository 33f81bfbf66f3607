import { Worker } from 'node:worker_threads';
import type { LoadSettings } from '../../contracts/load.ts';
import { connectEngine } from '../connect-port.ts';
import type { Engine } from '../engine.ts';
import type { FromEngine, ToEngine } from '../protocol.ts';

/** Loads an engine in a thread of its own. An idle engine does not keep the process alive. */
export function spawnEngine(settings: LoadSettings): Promise<Engine> {
  const worker = new Worker(new URL('./worker.js', import.meta.url));
  const port = {
    send: (message: ToEngine) => worker.postMessage(message),
    listen: (handle: (message: FromEngine) => void, lost: (error: Error) => void) => {
      worker.on('message', handle);
      worker.on('error', lost);
      worker.on('exit', (code) => lost(new Error(`the engine's thread ended with code ${code}`)));
    },
    hold: (busy: boolean) => (busy ? worker.ref() : worker.unref()),
    close: () => worker.terminate(),
  };
  return connectEngine(port, settings);
}
