import { callId } from '../../calls/call-id.ts';
import { createCallReader } from '../../calls/read-calls.ts';
import type { Drafter } from '../../contracts/drafter.ts';
import type { GenerateResult } from '../../contracts/generate.ts';
import { type Asking, askAdmission, askHost, askTurn, tell } from '../../contracts/need.ts';
import { observeAnswer } from '../../decode/observe-round.ts';
import { createPicker, grammarPicker } from '../../decode/sample.ts';
import { tokenLimit } from '../../decode/stop.ts';
import { askedWords } from '../../input/asked-words.ts';
import { saidRows, withReadings } from '../../input/with-readings.ts';
import { drafterWithin } from '../load/recycled-apart.ts';
import { resultOf, runInfo } from './answer-result.ts';
import type { AnswerContext, AnswerState, PlayedRound } from './answer-state.ts';
import { keepPlan, planOf } from './auto-plan.ts';
import { biasedPicker } from './biased-picker.ts';
import { type Conversation, type Conversations, trimToAnswer } from './conversations.ts';
import { embedPictures, namesIn, openPictures } from './embed-pictures.ts';
import { createGrammarText } from './grammar-text.ts';
import { knownTo } from './known-to.ts';
import type { Ledger } from './ledger.ts';
import { openForm } from './open-form.ts';
import { playRound } from './play-round.ts';
import { behindPrompt, predictedIds } from './predicted-ids.ts';
import { predictedPart } from './predicted-part.ts';
import { prefill } from './prefill.ts';
import { type PreparedPrompt, readPrompt } from './read-prompt.ts';
import { readTexts } from './read-texts.ts';
import type { Request } from './resolve-options.ts';
import { createWriter } from './writer.ts';

/**
 * One request from messages to text, as a state machine: it yields what it needs next (a picture seen, a chunk of the
 * prompt read, a tree, a pass over it), so that the needs of many share a pass, and ends at the next such point once it
 * is cancelled.
 */
export function* answer(
  shared: AnswerContext,
  request: Request,
  ledger: Ledger,
  cancelled: () => boolean,
): Asking<GenerateResult> {
  const { context, recycled, remembers } = knownTo(request, shared);
  const { model, conversations } = context;
  const { drafters, target, tokenizer, files } = model;
  const named = yield* askHost(() => drafters.get(drafters.nameOf(request.drafter)));
  const drafter = drafterWithin(named, drafters.recycled, recycled);
  const beside = request.tree === 'auto' ? drafters.beside(request.drafter) : null;
  const { start, calls } = openForm(model, request);
  const run = runInfo(context, request, { drafter, beside, grammar: start });
  const reads = request.readText ?? files.config.readsText ?? false;
  const readings = reads ? yield* readTexts(context, request.images, cancelled) : [];
  // A model without eyes is given the words alone.
  const seen = reads && model.pictures === null ? [] : request.images;
  const opened = yield* openPictures(context, seen, cancelled);
  ledger.begin('prefill');
  // A picture that a cancelled request never opened takes no room.
  const layouts = seen.map((_, index) => opened[index]?.layout ?? { ids: [] });
  const messages = reads
    ? withReadings(request.messages, readings, seen === request.images)
    : request.messages;
  const text = readPrompt(model, { ...request, messages }, layouts);
  const promptTokens = text.ids.length;
  const writer = createWriter(tokenizer, {
    eos: new Set(request.ignoreEos ? [] : files.config.eosTokenIds),
    maxTokens: tokenLimit(request.maxTokens, promptTokens, target.contextLength),
    stop: request.stop,
    calls: calls && {
      reader: createCallReader(calls, (index) => callId(promptTokens, index)),
      marks: [calls.begin, calls.end],
    },
  });
  const rounds: PlayedRound[] = [];
  const told = reads && { readings };
  const prediction = predictedIds(model, request.prediction);
  yield* tell([{ type: 'start', run, promptTokens, ...told }]);

  yield* askAdmission(promptTokens + writer.left);
  ledger.begin('vision');
  const pictures = yield* embedPictures(context, opened, cancelled);
  let cachedTokens = 0;
  if (!cancelled()) {
    const prompt = { ...text, pictures };
    const conversation = remembers
      ? yield* goOn(conversations, prompt, drafter, cancelled)
      : conversations.begin(drafter);
    cachedTokens = conversation.sequence.length;
    const { sampling, topLogprobs, bias } = request;
    const grammar = start && createGrammarText(start, writer.ids, tokenizer);
    const unbiased = grammar
      ? grammarPicker(sampling, topLogprobs, grammar.stateAt)
      : createPicker(sampling, topLogprobs);
    const picker = bias === undefined ? unbiased : biasedPicker(unbiased, bias, writer.ids);
    const foretold = prediction && behindPrompt(prediction, prompt.ids);
    // What words say of a picture is more than its name.
    const shown = namesIn(pictures.filter((_, at) => (readings[at]?.text ?? '') === ''));
    const asked = askedWords(readings.flatMap(saidRows), request.messages, tokenizer);
    const parts = { context, request, drafter, beside, recycled, prompt, conversation, grammar };
    const told = {
      prediction: foretold,
      named: { names: [...asked, ...shown], shown: shown.length > 0 },
    };
    const state: AnswerState = { ...parts, ...told, writer, picker, ledger, rounds };
    try {
      ledger.begin('prefill');
      yield* prefill(state, cancelled);
      if (writer.ids.length > 0) ledger.begin('decode');
      ledger.lap();
      while (writer.finished === null && !cancelled()) yield* playRound(state);
    } catch (error) {
      conversations.drop(conversation);
      throw error;
    }
    trimToAnswer(conversation, prompt, writer.ids);
    if (writer.finished !== null && !cancelled()) {
      const { text, ids, finished: finishReason } = writer;
      keepPlan(context, state, observeAnswer(planOf(context, state), ids.length));
      context.onAnswered?.({
        ...{ request, prompt, text, ids, finishReason },
        sequence: conversation.sequence,
      });
    }
    if (remembers) conversations.store(conversation);
    else conversations.drop(conversation);
  }
  const rest = writer.end('cancelled');
  const id = writer.ids.at(-1);
  if (rest !== null && id !== undefined) {
    yield* tell([{ type: 'token', id, ...rest, drafted: false }]);
  }
  const result = {
    ...resultOf(request, run, promptTokens, cachedTokens, writer, rounds, ledger),
    ...told,
  };
  return prediction ? { ...result, predicted: predictedPart(prediction, writer.ids) } : result;
}

/** From what was read of the prompt: where others are about to read more of it, they read that for both. */
function* goOn(
  conversations: Conversations,
  prompt: PreparedPrompt,
  drafter: Drafter,
  cancelled: () => boolean,
): Asking<Conversation> {
  let ahead = conversations.ahead(prompt, drafter);
  while (ahead !== null && !cancelled()) {
    if (ahead.arrived) ahead = conversations.ahead(prompt, drafter);
    else yield* askTurn();
  }
  return conversations.reuse(prompt, drafter);
}
