import { DisposedError } from '../contracts/errors.ts';
import type { GenerateEvent, GenerateResult } from '../contracts/generate.ts';
import type { LoadOptions, LoadSettings, ModelInfo } from '../contracts/load.ts';
import { answer } from './answer/answer.ts';
import type { AnswerContext } from './answer/answer-state.ts';
import { createConversations } from './answer/conversations.ts';
import type { Request } from './answer/resolve-options.ts';
import { createScheduler } from './answer/scheduler.ts';
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
  /** Frees sessions and caches. Running requests end as cancelled. */
  dispose(): Promise<void>;
}

/** @param drafters of your own, by the names that requests ask for them by */
export async function createEngine(
  host: Host,
  settings: LoadSettings,
  { drafters = {} }: Pick<LoadOptions, 'drafters'> = {},
): Promise<Engine> {
  return engineOf(host, await loadModel(host, settings, drafters));
}

/** The engine of a model, which it disposes in the end. */
export function engineOf(host: Host, model: Model): Engine {
  const conversations = createConversations(model.target);
  const plans = new Map();
  const context: AnswerContext = { model, host, conversations, pictures: new Map(), plans };
  const scheduler = createScheduler(host.letMessagesIn);
  const running = new Set<Promise<unknown>>();
  let disposed: Promise<void> | undefined;
  const dispose = async () => {
    await Promise.allSettled(running);
    conversations.dispose();
    await model.dispose();
  };
  return {
    info: model.info,
    async generate(request, emit, signal) {
      if (disposed !== undefined) throw new DisposedError('model');
      const cancelled = () => disposed !== undefined || signal?.aborted === true;
      const result = scheduler.run(answer(context, request, cancelled), emit);
      running.add(result);
      return result.finally(() => running.delete(result));
    },
    dispose() {
      disposed ??= dispose();
      return disposed;
    },
  };
}
