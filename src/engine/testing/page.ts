/** A page that asks an engine in its worker; what it saw is put at `globalThis.seen`. */
import * as errors from '../../contracts/errors.ts';
import { ERROR_EXAMPLES } from '../../contracts/testing/error-examples.ts';
import { connectEngine } from '../border/connect-port.ts';
import { toErrorData } from '../border/error-data.ts';
import { eventStream } from '../border/event-stream.ts';
import { PAGE_REQUEST } from './page-request.ts';
import { toyPicture } from './toy-model.ts';

interface PageScope {
  readonly crossOriginIsolated: boolean;
  readonly Worker: new (
    url: string,
  ) => {
    postMessage(message: unknown): void;
    terminate(): void;
    onmessage: (event: { data: never }) => void;
  };
  seen: Promise<Seen>;
}

/** What the page saw, as JSON. */
export interface Seen {
  readonly isolated: boolean;
  readonly text: string;
  readonly ids: readonly number[];
  /** How an answer ended that was cancelled after its first pass, and of how many tokens it was. */
  readonly cancelled: { readonly finishReason: string; readonly tokens: number };
  readonly errors: readonly {
    readonly isOfItsClass: boolean;
    readonly name: string;
    readonly message: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }[];
}

const scope = globalThis as unknown as PageScope;

async function look(): Promise<Seen> {
  const worker = new scope.Worker('worker.js');
  const engine = await connectEngine(
    {
      sharesMemory: scope.crossOriginIsolated,
      send: (message) => worker.postMessage(message),
      listen: (handle) => {
        worker.onmessage = ({ data }) => handle(data);
      },
      hold: () => {},
      close: async () => worker.terminate(),
    },
    { model: 'toy', draft: null, device: 'cpu', threads: 1 },
  );
  const ask = async (
    options: typeof PAGE_REQUEST & { signal?: AbortSignal },
    onRound = () => {},
  ) => {
    for await (const event of eventStream(engine, options)) {
      if (event.type === 'round') onRound();
      if (event.type === 'done') return event.result;
    }
    throw new Error('an answer ends with its result');
  };
  const { text, ids } = await ask(PAGE_REQUEST);
  const cancel = new AbortController();
  const long = { ...PAGE_REQUEST, maxTokens: 3000, signal: cancel.signal };
  const ended = await ask(long, () => cancel.abort());
  const failures: Seen['errors'][number][] = [];
  for (const { code, name } of ERROR_EXAMPLES) {
    const failing = ask({ ...PAGE_REQUEST, images: [new Blob([toyPicture(code)])] });
    const error = await failing.catch((caught: unknown) => caught);
    const Class = Object.entries(errors).find(([known]) => known === name)?.[1] ?? TypeError;
    const { message, fields } = toErrorData(error);
    const isOfItsClass = error instanceof Class && error instanceof errors.MsdError;
    failures.push({ isOfItsClass, name: (error as Error).name, message, fields });
  }
  await engine.dispose();
  return {
    isolated: scope.crossOriginIsolated,
    text,
    ids,
    cancelled: { finishReason: ended.finishReason, tokens: ended.ids.length },
    errors: failures,
  };
}

scope.seen = look();
