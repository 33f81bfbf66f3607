import { parentPort, workerData } from 'node:worker_threads';
import type { LoadProgress, LoadSettings } from '../../contracts/load.ts';
import { servePort } from '../border/serve-port.ts';
import { createEngine } from '../engine.ts';
import type { Host } from '../host.ts';
import { type ExitGate, throughGate } from './exit-gate.ts';
import { createNodeHost } from './node-host.ts';

/** Entry of the engine's thread: sessions block whoever runs them, so they run here. */
const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread.');
const gate: ExitGate = workerData;
servePort(
  {
    send: (message) => port.postMessage(message),
    listen: (handle) => port.on('message', handle),
  },
  async (settings, tell, limits) =>
    createEngine(await createGatedHost(settings, tell), settings, limits),
);

async function createGatedHost(
  settings: LoadSettings,
  tell: (progress: LoadProgress) => void,
): Promise<Host> {
  const host = await throughGate(gate, () => createNodeHost(settings, tell)); // it may probe the device
  return {
    ...host,
    async openSession(graph) {
      const session = await throughGate(gate, () => host.openSession(graph));
      return {
        ...session,
        run: (feeds, outputs) => throughGate(gate, () => session.run(feeds, outputs)),
        dispose: () => throughGate(gate, () => session.dispose()),
      };
    },
    async openReader() {
      const reader = await throughGate(gate, host.openReader);
      return {
        read: (image) => throughGate(gate, () => reader.read(image)),
        dispose: () => throughGate(gate, () => reader.dispose()),
      };
    },
  };
}
