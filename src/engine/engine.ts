import { DisposedError } from '../contracts/errors.ts';
import type { GenerateEvent, GenerateResult } from '../contracts/generate.ts';
import type { LoadOptions, LoadSettings, ModelInfo } from '../contracts/load.ts';
import { createPrices, learntCosts } from '../decode/prices.ts';
import { answer } from './answer/answer.ts';
import type { AnswerContext, Answered } from './answer/answer-state.ts';
import { NOBODY } from './answer/company.ts';
import { createConversations } from './answer/conversations.ts';
import { createLazyReader } from './answer/lazy-reader.ts';
import { createLedger } from './answer/ledger.ts';
import { createPictureCache } from './answer/picture.ts';
import type { Request } from './answer/resolve-options.ts';
import { createScheduler } from './answer/scheduler.ts';
import { type Words, type WordsAsked, wordsOf } from './answer/words.ts';
import type { CancelSignal } from './border/cancel-flag.ts';
import type { Host } from './host.ts';
import { loadModel } from './load/load-model.ts';
import type { Model } from './model.ts';

/** A loaded model with its requests, in the thread that made it. */
export interface Engine {
  readonly info: ModelInfo;
  /** Answers a request. Events come in groups, one for each unit of work; the signal ends it between two of them. */
  generate(
    request: Request,
    emit: (events: readonly GenerateEvent[]) => void,
    signal?: CancelSignal,
  ): Promise<GenerateResult>;
  /** What its tokenizer says, beside the answers that run. */
  words(asked: WordsAsked): Promise<Words>;
  /** Lets go of what the target held likely in earlier answers, by which later ones are guessed. */
  forget(): void;
  /** Frees sessions and caches. Running requests end as cancelled. */
  dispose(): Promise<void>;
}

/** How much an engine takes on at a time, and keeps of answers that ended. */
export interface EngineLimits {
  /** Answers whose caches may be open at once; others wait. Default 64. */
  readonly sequences: number;
  /** Bytes of keys and values that running answers may come to need. A lone answer always runs. Default 8 GiB. */
  readonly cacheBytes: number;
  /**
   * Bytes of keys and values that are kept of answers that ended, 256 at most, for a next turn or a prompt that begins
   * alike; what texts share is held once. The newest is kept however large it is; with 0 nothing is kept, nor shared by those that
   * run. Default 1 GiB.
   */
  readonly keptBytes: number;
  /** Pictures whose embeddings are kept. Default 16. */
  readonly pictures: number;
  /**
   * How prompts are read beside answers that are written: in pieces that keep none of them waiting long, or as fast as the
   * machine can, where nobody reads along. Default 'pieces'.
   */
  readonly prompts: 'pieces' | 'whole';
}

const LIMITS: EngineLimits = {
  ...{ sequences: 64, cacheBytes: 2 ** 33, keptBytes: 2 ** 30, pictures: 16 },
  prompts: 'pieces',
};

/** Passes after which what they taught of their costs is kept for the next load, at the latest. */
const KEEP_EVERY = 512;

/** @param drafters of your own, by the names that requests ask for them by */
export async function createEngine(
  host: Host,
  settings: LoadSettings,
  { drafters = {}, ...limits }: Partial<EngineLimits> & Pick<LoadOptions, 'drafters'> = {},
): Promise<Engine> {
  return engineOf(host, await loadModel(host, settings, drafters), limits);
}

/**
 * The engine of a model, which it disposes in the end.
 * @param onAnswered told of every answer that was not cancelled, while its sequence is still as the answer left it
 */
export function engineOf(
  host: Host,
  model: Model,
  limits: Partial<EngineLimits> = {},
  onAnswered?: (answered: Answered) => void,
): Engine {
  const { sequences, cacheBytes, keptBytes, pictures, prompts } = { ...LIMITS, ...limits };
  const { target, embed, meter, info, rowsKeepApart } = model;
  const columnsOf = (bytes: number) => bytes / Math.max(1, info.cacheBytesPerToken);
  const conversations = createConversations(target, rowsKeepApart ? columnsOf(keptBytes) : 0);
  const scheduler = createScheduler(
    { target, embed, meter, rowsKeepApart, clock: host.clock, letMessagesIn: host.letMessagesIn },
    {
      sequences,
      columns: columnsOf(cacheBytes),
      release: conversations.shrink,
    },
  );
  const reader = createLazyReader(host);
  const context: AnswerContext = {
    model,
    host,
    conversations,
    pictures: createPictureCache(pictures),
    reader,
    plans: new Map(),
    prices: { now: createPrices(model.costs) },
    others: scheduler.others,
    running: () => scheduler.running - 1,
    company: prompts === 'whole' ? () => NOBODY : scheduler.company,
    ...(onAnswered && { onAnswered }),
  };
  let known = model.costs;
  let keptAt = 0;
  const keepCosts = async () => {
    keptAt = context.prices.now.passes;
    const learnt = learntCosts(context.prices.now, known);
    if (learnt === null) return;
    known = learnt;
    await model.keepCosts(learnt);
  };
  const running = new Set<Promise<unknown>>();
  let disposed: Promise<void> | undefined;
  const dispose = async () => {
    await Promise.allSettled(running);
    await keepCosts().catch(() => {}); // they are timed again
    conversations.dispose();
    await Promise.all([model.dispose(), reader.dispose()]);
  };
  return {
    info,
    async generate(request, emit, signal) {
      if (disposed !== undefined) throw new DisposedError('model');
      const cancelled = () => disposed !== undefined || signal?.aborted === true;
      const ledger = createLedger(host.clock);
      const machine = answer(context, request, ledger, cancelled);
      const result = scheduler.run(machine, { ledger, emit, cancelled });
      const ended = result
        .then(async () => {
          if (context.prices.now.passes - keptAt >= KEEP_EVERY) await keepCosts();
        })
        .catch(() => {}); // told by the result; costs are timed again
      running.add(ended);
      void ended.finally(() => running.delete(ended));
      return result;
    },
    async words(asked) {
      if (disposed !== undefined) throw new DisposedError('model');
      return wordsOf(model, asked);
    },
    forget() {
      model.drafters.recycled.forget();
    },
    dispose() {
      disposed ??= dispose();
      return disposed;
    },
  };
}
