import { fork } from 'node:child_process';
import { EngineLostError } from '../../contracts/errors.ts';
import type { LoadProgress, LoadSettings } from '../../contracts/load.ts';
import { packageFile } from '../../files/package-file.ts';
import { tellNobody } from '../../runtime/tell-nobody.ts';
import { connectEngine, type EnginePort } from '../border/connect-port.ts';
import type { Engine, EngineLimits } from '../engine.ts';

/** An engine in a process of its own. */
export interface ForkedEngine extends Engine {
  readonly pid: number | undefined;
}

/**
 * Loads an engine in a process of its own, which others outlive: it may run out of memory, or be killed. The messages are
 * those of the engine's thread. It ends with the process that started it.
 * @param onLost told once if it ends by itself
 */
export async function forkEngine(
  settings: LoadSettings,
  {
    limits = {},
    onProgress,
    onLost = () => {},
  }: {
    limits?: Partial<EngineLimits>;
    onProgress?: (progress: LoadProgress) => void;
    onLost?: (error: Error) => void;
  } = {},
): Promise<ForkedEngine> {
  tellNobody();
  const child = fork(packageFile('dist/engine/node/child.js'), {
    serialization: 'advanced', // pictures cross as bytes
    execArgv: [], // the caller's own flags are for the caller's own entry
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let closing = false;
  const port: EnginePort = {
    sharesMemory: false,
    send(message) {
      if (child.connected) child.send(message);
    },
    listen(handle, lost) {
      let told = false;
      const lose = (reason: string, cause?: Error) => {
        const error = new EngineLostError(reason, cause && { cause });
        lost(error);
        if (!told && !closing) onLost(error);
        told = true;
      };
      child.on('message', handle);
      child.on('error', (cause) => lose(cause.message, cause));
      child.on('exit', (code, signal) => lose(signal ?? `exit code ${code}`));
    },
    hold: () => {},
    async close() {
      closing = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      await new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGKILL'); // it has nothing left to say
      });
    },
  };
  const engine = await connectEngine(port, settings, onProgress, limits);
  return { ...engine, pid: child.pid };
}
