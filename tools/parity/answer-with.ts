import type { Drafter } from '../../src/contracts/drafter.ts';
import type { GenerateOptions, GenerateResult } from '../../src/contracts/generate.ts';
import { ALONE } from '../../src/decode/plan.ts';
import { createPrices } from '../../src/decode/prices.ts';
import { builtInDrafter } from '../../src/draft/drafters.ts';
import { answer } from '../../src/engine/answer/answer.ts';
import type { AnswerContext } from '../../src/engine/answer/answer-state.ts';
import { type Conversations, createConversations } from '../../src/engine/answer/conversations.ts';
import { createLazyReader } from '../../src/engine/answer/lazy-reader.ts';
import { createLedger } from '../../src/engine/answer/ledger.ts';
import { createPictureCache } from '../../src/engine/answer/picture.ts';
import { resolveOptions } from '../../src/engine/answer/resolve-options.ts';
import { createScheduler } from '../../src/engine/answer/scheduler.ts';
import { readPictures } from '../../src/engine/border/read-pictures.ts';
import { readPicture } from '../../src/input/node/read-picture.ts';
import type { OpenModel } from './lab.ts';

export interface Circumstances {
  /** In place of the model's own drafters, whichever is asked for, but for plain decoding. */
  readonly drafter?: Drafter;
  /** Kept texts; none by default. */
  readonly conversations?: Conversations;
  /** What was learnt about trees; nothing by default. */
  readonly plans?: AnswerContext['plans'];
  readonly prices?: AnswerContext['prices'];
}

/** One answer by the engine's own machine, in circumstances that no caller of the library can make. */
export async function answerWith(
  { host, model }: Pick<OpenModel, 'host' | 'model'>,
  options: GenerateOptions,
  {
    drafter,
    conversations,
    plans = new Map(),
    prices = { now: createPrices(model.costs) },
  }: Circumstances,
): Promise<GenerateResult> {
  const drafters =
    drafter === undefined || builtInDrafter(options.drafter ?? 'auto')?.drafts === false
      ? model.drafters
      : { ...model.drafters, get: async () => drafter };
  const kept = conversations ?? createConversations(model.target, 0);
  const context: AnswerContext = {
    host,
    model: { ...model, drafters },
    conversations: kept,
    pictures: createPictureCache(16),
    reader: createLazyReader(host),
    plans,
    prices,
    others: () => ALONE,
    running: () => 0,
    company: () => ({ decoding: { rows: 0, lanes: 0 }, reading: 0 }),
  };
  const request = await readPictures(resolveOptions(options), readPicture);
  const { clock, letMessagesIn } = host;
  const ledger = createLedger(clock);
  const cancelled = () => false;
  const scheduler = createScheduler(
    { ...model, clock, letMessagesIn },
    { sequences: 1, columns: Number.POSITIVE_INFINITY },
  );
  const machine = answer(context, request, ledger, cancelled);
  return scheduler.run(machine, { ledger, emit: () => {}, cancelled });
}
