import { parentPort } from 'node:worker_threads';
import { servePort } from '../serve-port.ts';
import { createNodeHost } from './node-host.ts';

/** Entry of the engine's thread: sessions block whoever runs them, so they run here. */
const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread.');
servePort(
  {
    send: (message) => port.postMessage(message),
    listen: (handle) => port.on('message', handle),
  },
  createNodeHost,
);
