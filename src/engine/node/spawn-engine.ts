import { Worker } from 'node:worker_threads';
import { EngineLostError } from '../../contracts/errors.ts';
import type { LoadProgress, LoadSettings } from '../../contracts/load.ts';
import { packageFile } from '../../files/package-file.ts';
import { tellNobody } from '../../runtime/tell-nobody.ts';
import { connectEngine, type EnginePort } from '../border/connect-port.ts';
import type { Engine } from '../engine.ts';
import { closeGate, createExitGate } from './exit-gate.ts';

/** Milliseconds that an exiting process waits for the pass that is under way. */
const PATIENCE = 5000;

/** Loads an engine in a thread of its own. An idle engine does not keep the process alive. */
export function spawnEngine(
  settings: LoadSettings,
  onProgress?: (progress: LoadProgress) => void,
): Promise<Engine> {
  tellNobody(); // here: it sees no variable that a thread sets
  const gate = createExitGate();
  const worker = new Worker(packageFile('dist/engine/node/worker.js'), {
    workerData: gate,
    execArgv: [], // the caller's own flags (`--input-type`, a loader) are for the caller's own entry
  });
  const onExit = () => closeGate(gate, PATIENCE);
  process.on('exit', onExit);
  for (const end of ['exit', 'error']) worker.on(end, () => process.off('exit', onExit));
  const port: EnginePort = {
    sharesMemory: true,
    send: (message) => worker.postMessage(message),
    listen(handle, lost) {
      const lose = (reason: string, cause?: Error) =>
        lost(new EngineLostError(reason, cause && { cause }));
      worker.on('message', handle);
      worker.on('messageerror', (cause) => lose('a message got lost', cause));
      worker.on('error', (cause) => lose(cause.message, cause));
      worker.on('exit', (code) => lose(`exit code ${code}`));
    },
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
    close: () => worker.terminate(),
  };
  return connectEngine(port, settings, onProgress);
}
