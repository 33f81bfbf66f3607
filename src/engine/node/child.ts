import { servePort } from '../border/serve-port.ts';
import { createEngine } from '../engine.ts';
import { createNodeHost } from './node-host.ts';

/** Entry of the engine's process, as `worker.ts` is that of its thread. */
servePort(
  {
    send(message) {
      if (process.connected) process.send?.(message);
    },
    listen: (handle) => process.on('message', handle),
  },
  async (settings, tell, limits) =>
    createEngine(await createNodeHost(settings, tell), settings, limits),
);
process.on('disconnect', () => process.exit()); // whoever asked is gone
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {}); // the one who started it says when
