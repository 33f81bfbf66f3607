import { DisposedError } from '../contracts/errors.ts';
import type { GenerateEvent, GenerateOptions, GenerateResult } from '../contracts/generate.ts';
import type { LoadSettings, ModelInfo } from '../contracts/load.ts';
import { type AnswerContext, answer } from './answer.ts';
import { createConversations } from './conversations.ts';
import type { Host } from './host.ts';
import { loadModel } from './load-model.ts';
import { resolveOptions } from './resolve-options.ts';
import { createScheduler } from './scheduler.ts';

/** A loaded model with its requests, in the thread that made it. */
export interface Engine {
  readonly info: ModelInfo;
  /** Answers a request; `cancelled` is asked between units of work. */
  generate(
    options: GenerateOptions,
    emit: (event: GenerateEvent) => void,
    cancelled: () => boolean,
  ): Promise<GenerateResult>;
  /** Frees sessions and caches. Running requests end as cancelled. */
  dispose(): Promise<void>;
}

export async function createEngine(host: Host, settings: LoadSettings): Promise<Engine> {
  const model = await loadModel(host, settings);
  const conversations = createConversations(model.target);
  const context: AnswerContext = {
    model,
    host,
    conversations,
    pictures: new Map(),
    plans: new Map(),
  };
  const scheduler = createScheduler();
  const running = new Set<Promise<unknown>>();
  let disposed = false;
  return {
    info: model.info,
    async generate(options, emit, cancelled) {
      if (disposed) throw new DisposedError('model');
      const request = resolveOptions(options);
      const machine = answer(context, request, () => disposed || cancelled());
      const result = scheduler.run(machine, (events) => events.forEach(emit));
      running.add(result);
      try {
        const value = await result;
        emit({ type: 'done', result: value });
        return value;
      } finally {
        running.delete(result);
      }
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await Promise.allSettled(running);
      conversations.dispose();
      await model.dispose();
    },
  };
}
