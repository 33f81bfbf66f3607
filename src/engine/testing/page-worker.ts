/** A page's worker that serves a toy. Bundled apart from its page, as bundlers do, so that each has names of its own. */
import { ERROR_EXAMPLES } from '../../contracts/testing/error-examples.ts';
import { servePort } from '../border/serve-port.ts';
import { engineOf } from '../engine.ts';
import { toyModel } from './toy-model.ts';

interface WorkerScope {
  postMessage(message: unknown): void;
  onmessage: (event: { data: never }) => void;
}
const scope = globalThis as unknown as WorkerScope;

const letMessagesIn = () =>
  new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });

/** A picture of a code's letters can't be decoded: the error of that code comes of it. */
const imageDecoded = (text: string) => {
  const error = ERROR_EXAMPLES.find(({ code }) => code === text);
  if (error !== undefined) throw error;
};

servePort(
  {
    send: (message) => scope.postMessage(message),
    listen: (handle) => {
      scope.onmessage = ({ data }) => handle(data);
    },
  },
  async () => {
    const { host, model } = toyModel({ letMessagesIn, imageDecoded });
    return engineOf(host, model);
  },
);
