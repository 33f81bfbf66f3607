import type { LoadSettings } from '../contracts/load.ts';
import { createEngine, type Engine } from './engine.ts';
import { toErrorData } from './error-data.ts';
import type { Host } from './host.ts';
import type { FromEngine, ToEngine } from './protocol.ts';

/** The engine's side of the border: reads messages, answers them. Node's and the browser's ports fit. */
export function servePort(
  port: {
    send: (message: FromEngine) => void;
    listen: (handle: (message: ToEngine) => void) => void;
  },
  createHost: (settings: LoadSettings) => Promise<Host>,
): void {
  let engine: Promise<Engine> | undefined;
  const load = async (settings: LoadSettings) => createEngine(await createHost(settings), settings);
  const handle = async (message: ToEngine): Promise<void> => {
    if (message.type === 'load') {
      engine = load(message.settings);
      port.send({ type: 'loaded', info: (await engine).info });
    } else if (message.type === 'generate') {
      const { id, options, cancel } = message;
      const emit = (event: Parameters<Parameters<Engine['generate']>[1]>[0]) => {
        if (event.type !== 'done') port.send({ type: 'event', id, event });
      };
      const loaded = await (engine as Promise<Engine>);
      const result = await loaded.generate(options, emit, () => Atomics.load(cancel, 0) !== 0);
      port.send({ type: 'result', id, result });
    } else {
      await (await engine)?.dispose();
      port.send({ type: 'disposed' });
    }
  };
  port.listen((message) => {
    handle(message).catch((error: unknown) => {
      const id = message.type === 'generate' ? message.id : null;
      port.send({ type: 'failed', id, error: toErrorData(error) });
    });
  });
}
