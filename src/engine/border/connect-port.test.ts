import { describe, expect, it } from 'vitest';
import {
  DisposedError,
  DraftMismatchError,
  EngineLostError,
  ImageError,
} from '../../contracts/errors.ts';
import { resolveOptions } from '../answer/resolve-options.ts';
import { resultOf } from '../testing/collect.ts';
import { toyModel } from '../testing/toy-model.ts';
import { isCancelled } from './cancel-flag.ts';
import { connectEngine } from './connect-port.ts';
import { toErrorData } from './error-data.ts';
import type { FromEngine, ToEngine } from './protocol.ts';

const { info } = toyModel().model;
const SETTINGS = { model: 'toy', draft: null, device: 'cpu', threads: 1 } as const;
const REQUEST = { ...resolveOptions({ prompt: 'Hi' }), images: [] };

/** The other side of a port, played by the test. */
function fakePort(sharesMemory = false) {
  const sent: ToEngine[] = [];
  let handle: (message: FromEngine) => void = () => {};
  let lost: (error: Error) => void = () => {};
  const log = { held: true, closed: 0 };
  return {
    sent,
    log,
    say: (message: FromEngine) => handle(message),
    die: (reason: string) => lost(new EngineLostError(reason)),
    port: {
      sharesMemory,
      send: (message: ToEngine) => void sent.push(structuredClone(message)),
      listen: (onMessage: typeof handle, onLost: typeof lost) => {
        handle = onMessage;
        lost = onLost;
      },
      hold: (busy: boolean) => {
        log.held = busy;
      },
      close: async () => {
        log.closed++;
      },
    },
  };
}

async function connected(sharesMemory = false) {
  const fake = fakePort(sharesMemory);
  const connecting = connectEngine(fake.port, SETTINGS);
  fake.say({ type: 'loaded', info });
  return { ...fake, engine: await connecting };
}

const generate = (engine: Awaited<ReturnType<typeof connected>>['engine']) =>
  engine.generate(REQUEST, () => {});

describe('an engine behind a port', () => {
  it('gives the error of a failed load in its class, and closes the port', async () => {
    const { port, say, log } = fakePort();
    const connecting = connectEngine(port, SETTINGS);
    say({ type: 'not-loaded', error: toErrorData(new DraftMismatchError('hidden size', 1, 2)) });
    await expect(connecting).rejects.toBeInstanceOf(DraftMismatchError);
    await expect(connecting).rejects.toMatchObject({ field: 'hidden size', draft: 1, target: 2 });
    expect(log.closed).toBe(1);
  });

  it('gives an error when its thread ends while it loads', async () => {
    const { port, die } = fakePort();
    const connecting = connectEngine(port, SETTINGS);
    die('exit code 1');
    await expect(connecting).rejects.toBeInstanceOf(EngineLostError);
  });

  it('keeps the process alive while it works, and only then', async () => {
    const { engine, say, log } = await connected();
    expect(log.held).toBe(false);
    const [one, two] = [generate(engine), generate(engine)];
    expect(log.held).toBe(true);
    say({ type: 'failed', id: 0, error: toErrorData(new Error('no')) });
    await expect(one).rejects.toThrow('no');
    expect(log.held).toBe(true);
    say({ type: 'failed', id: 1, error: toErrorData(new Error('no')) });
    await expect(two).rejects.toThrow('no');
    expect(log.held).toBe(false);
  });

  it('passes events to their own request, in groups', async () => {
    const { engine, say } = await connected();
    const seen: string[] = [];
    const one = engine.generate(REQUEST, (events) => seen.push(`one ${events.length}`));
    const two = engine.generate(REQUEST, (events) => seen.push(`two ${events.length}`));
    const event = { type: 'prefill', done: 1, total: 2 } as const;
    say({ type: 'events', id: 1, events: [event, event] });
    say({ type: 'events', id: 0, events: [event] });
    expect(seen).toEqual(['two 2', 'one 1']);
    say({ type: 'failed', id: 0, error: toErrorData(new Error('no')) });
    say({ type: 'failed', id: 1, error: toErrorData(new Error('no')) });
    await Promise.allSettled([one, two]);
  });

  it.each([
    ['by a message alone, where no memory is shared', false],
    ['by a message and a shared byte', true],
  ])('cancels a request %s', async (_, sharesMemory) => {
    const { engine, sent } = await connected(sharesMemory);
    const cancel = new AbortController();
    engine.generate(REQUEST, () => {}, cancel.signal).catch(() => {});
    const asked = sent.at(-1);
    cancel.abort();
    expect(sent.at(-1)).toEqual({ type: 'cancel', id: 0 });
    if (asked?.type !== 'generate') throw new Error('it asked for something else');
    expect(asked.flag && isCancelled(asked.flag)).toBe(sharesMemory || undefined);
  });

  it('tells of a request that was cancelled before it was asked', async () => {
    const { engine, sent } = await connected();
    engine.generate(REQUEST, () => {}, AbortSignal.abort()).catch(() => {});
    expect(sent.map(({ type }) => type)).toEqual(['load', 'generate', 'cancel']);
  });

  it('cancels nothing that has ended', async () => {
    const { engine, sent, say } = await connected();
    const cancel = new AbortController();
    const work = engine.generate(REQUEST, () => {}, cancel.signal);
    say({ type: 'failed', id: 0, error: toErrorData(new Error('no')) });
    await expect(work).rejects.toThrow('no');
    cancel.abort();
    expect(sent.at(-1)?.type).toBe('generate');
  });

  it('fails its requests with a named error when its thread ends, and all later ones', async () => {
    const { engine, die, log } = await connected();
    const running = generate(engine);
    die('out of memory');
    await expect(running).rejects.toBeInstanceOf(EngineLostError);
    await expect(running).rejects.toThrow(/out of memory.*load the model again/);
    await expect(generate(engine)).rejects.toBeInstanceOf(EngineLostError);
    expect(log.held).toBe(false);
    await engine.dispose(); // nothing is left to wait for
  });

  it('is disposed once the other side says so', async () => {
    const { engine, say, log, sent } = await connected();
    const disposing = engine.dispose();
    expect(engine.dispose()).toBe(disposing);
    expect(log.held).toBe(true);
    say({ type: 'disposed' });
    await disposing;
    expect(log.closed).toBe(1);
    expect(sent.filter(({ type }) => type === 'dispose').length).toBe(1);
    await expect(generate(engine)).rejects.toBeInstanceOf(DisposedError);
  });

  it('is disposed when its thread ends meanwhile', async () => {
    const { engine, die } = await connected();
    const running = generate(engine);
    const disposing = engine.dispose();
    die('exit code 1');
    await expect(running).rejects.toBeInstanceOf(EngineLostError);
    await disposing;
    await expect(generate(engine)).rejects.toBeInstanceOf(DisposedError);
  });

  it('names pictures whose bytes were given away', async () => {
    const { engine, log } = await connected();
    const bytes = new Uint8Array(8);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    const request = resultOf(engine, { prompt: 'Hi', images: [bytes] });
    await expect(request).rejects.toBeInstanceOf(ImageError);
    expect(log.held).toBe(false);
  });
});
