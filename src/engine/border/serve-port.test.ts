import { setImmediate } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DisposedError, ImageError } from '../../contracts/errors.ts';
import type { GenerateOptions } from '../../contracts/generate.ts';
import { resolveOptions } from '../answer/resolve-options.ts';
import { type Engine, engineOf } from '../engine.ts';
import { resultOf } from '../testing/collect.ts';
import { toyModel, toyPicture } from '../testing/toy-model.ts';
import { createCancelFlag, setCancelled } from './cancel-flag.ts';
import { connectEngine, type EnginePort } from './connect-port.ts';
import { eventStream } from './event-stream.ts';
import type { FromEngine, ToEngine } from './protocol.ts';
import { servePort } from './serve-port.ts';

const SETTINGS = { model: 'toy', draft: null, device: 'cpu', threads: 1 } as const;
const LONG: GenerateOptions = { prompt: 'abcabd', maxTokens: 3000, ignoreEos: true, tree: 'auto' };

const toyEngine = (): Engine => {
  const { host, model } = toyModel({ letMessagesIn: () => setImmediate() });
  return engineOf(host, model);
};

const callerPort = (port: MessagePort, sharesMemory: boolean): EnginePort => ({
  sharesMemory,
  send: (message) => port.postMessage(message),
  listen: (handle) => port.on('message', handle),
  hold: () => {},
  close: async () => port.close(),
});

/** An engine on the other side of a channel, which copies every message. */
async function served({ sharesMemory = false, open = async () => toyEngine() } = {}) {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  servePort(
    {
      send: (message) => port2.postMessage(message),
      listen: (handle) => port2.on('message', handle),
    },
    open,
  );
  return connectEngine(callerPort(port1, sharesMemory), SETTINGS);
}

describe('an engine that is served at a port', () => {
  it('answers as it does without one, pictures and all', async () => {
    const options = { ...LONG, maxTokens: 40, images: [toyPicture('x')] };
    const there = await resultOf(await served(), options);
    expect(there.text).toBe((await resultOf(toyEngine(), options)).text);
  });

  it.each([
    ['messages alone', false],
    ['a shared byte too', true],
  ])('ends a cancelled answer early, told by %s', async (_, sharesMemory) => {
    const engine = await served({ sharesMemory });
    const cancel = new AbortController();
    const other = resultOf(engine, { ...LONG, maxTokens: 200 });
    for await (const event of eventStream(engine, { ...LONG, signal: cancel.signal })) {
      if (event.type === 'round') cancel.abort();
      if (event.type !== 'done') continue;
      expect(event.result.finishReason).toBe('cancelled');
      expect(event.result.ids.length).toBeLessThan(1000);
    }
    expect((await other).ids).toHaveLength(200);
  });

  it('sees the shared byte while no message gets in', async () => {
    const flag = createCancelFlag();
    const { host, model } = toyModel({ letMessagesIn: async () => setCancelled(flag) });
    const sent: FromEngine[] = [];
    const port = { handle: (_: ToEngine) => {} };
    servePort(
      {
        send: (message) => void sent.push(message),
        listen: (handle) => {
          port.handle = handle;
        },
      },
      async () => engineOf(host, model),
    );
    port.handle({ type: 'load', settings: SETTINGS });
    await setImmediate();
    const request = { ...resolveOptions(LONG), images: [] };
    port.handle({ type: 'generate', id: 0, request, flag });
    await setImmediate();
    const result = { finishReason: 'cancelled' };
    expect(sent.at(-1)).toMatchObject({ type: 'result', id: 0, result });
  });

  it('gives errors in their classes', async () => {
    const engine = await served();
    const broken = resultOf(engine, { prompt: 'a', images: [toyPicture('broken')] });
    await expect(broken).rejects.toBeInstanceOf(ImageError);
    await expect(broken).rejects.toMatchObject({ code: 'image_unreadable' });
  });

  it('says why it can’t be opened', async () => {
    const open = async () => {
      throw new DisposedError('toy');
    };
    await expect(served({ open })).rejects.toBeInstanceOf(DisposedError);
  });

  it('gives every answer before it is disposed', async () => {
    const engine = await served();
    const running = resultOf(engine, LONG);
    await setImmediate();
    await engine.dispose();
    expect((await running).finishReason).toBe('cancelled');
    await expect(resultOf(engine, LONG)).rejects.toBeInstanceOf(DisposedError);
  });
});
