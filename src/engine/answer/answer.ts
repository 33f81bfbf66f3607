import type { GenerateEvent, GenerateResult } from '../../contracts/generate.ts';
import { createPicker } from '../../decode/sample.ts';
import { tokenLimit } from '../../decode/stop.ts';
import { resultOf, runInfo } from './answer-result.ts';
import type { AnswerContext, AnswerState, PlayedRound } from './answer-state.ts';
import { close, settle } from './conversations.ts';
import { createLedger } from './ledger.ts';
import { playRound } from './play-round.ts';
import { prefill } from './prefill.ts';
import { readPrompt } from './read-prompt.ts';
import type { Request } from './resolve-options.ts';
import { openPictures, seePictures } from './see-pictures.ts';
import { createWriter } from './writer.ts';

/**
 * One request from messages to text, as a state machine: it stops after every unit of work (a picture, a chunk of the
 * prompt, a round), so that others may take their turn, and ends at the next such point once it is cancelled.
 */
export async function* answer(
  context: AnswerContext,
  request: Request,
  cancelled: () => boolean,
): AsyncGenerator<GenerateEvent[], GenerateResult> {
  const { model, host, conversations } = context;
  const ledger = createLedger(model.meter, host.clock);
  const drafter = await model.drafters.get(model.drafters.nameOf(request.drafter));
  const run = runInfo(context, request, drafter);
  const opened = yield* openPictures(context, request.images, ledger, cancelled);
  // A picture that a cancelled request never opened takes no room.
  const layouts = request.images.map((_, index) => opened[index]?.layout ?? { ids: [] });
  const { value: text } = await ledger.time('prefill', async () =>
    readPrompt(model, request, layouts),
  );
  const promptTokens = text.ids.length;
  const writer = createWriter(model.tokenizer, {
    eos: new Set(request.ignoreEos ? [] : model.files.config.eosTokenIds),
    maxTokens: tokenLimit(request.maxTokens, promptTokens, model.target.contextLength),
    stop: request.stop,
  });
  const rounds: PlayedRound[] = [];
  yield [{ type: 'start', run, promptTokens }];

  const pictures = yield* seePictures(context, opened, ledger, cancelled);
  let cachedTokens = 0;
  if (!cancelled()) {
    const prompt = { ...text, pictures };
    const conversation = conversations.take(prompt, drafter);
    cachedTokens = conversation.sequence.length;
    const picker = createPicker(request.sampling);
    const shared = { context, request, drafter, prompt, conversation };
    const state: AnswerState = { ...shared, writer, picker, ledger, rounds };
    try {
      yield* prefill(state, cancelled);
      while (writer.finished === null && !cancelled()) yield await playRound(state);
    } catch (error) {
      close(conversation);
      throw error;
    }
    settle(conversation, prompt, writer.ids);
    conversations.keep(conversation);
  }
  const rest = writer.end('cancelled');
  const id = writer.ids.at(-1);
  if (rest !== '' && id !== undefined) yield [{ type: 'token', id, text: rest, drafted: false }];
  return resultOf(run, promptTokens, cachedTokens, writer, rounds, ledger);
}
