import type { Drafter, TreeShape } from '../contracts/drafter.ts';
import type { GenerateEvent, GenerateResult, RoundStats, RunInfo } from '../contracts/generate.ts';
import { choose, createPlan, explain, observe, type Plan } from '../decode/planner.ts';
import { runRound } from '../decode/round.ts';
import { createPicker } from '../decode/sample.ts';
import { summarise } from '../decode/statistics.ts';
import { tokenLimit } from '../decode/stop.ts';
import { fitShape, PLAIN, shapeName } from '../decode/tree-shape.ts';
import { type Conversation, type Conversations, close, cut, slotsOf } from './conversations.ts';
import type { Host } from './host.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Model } from './load-model.ts';
import { chunkRows, prefillChunk } from './prefill.ts';
import { type PictureCache, type PreparedPrompt, preparePrompt } from './prepare-prompt.ts';
import type { Request } from './resolve-options.ts';
import { AUTO_TREES } from './trees.ts';
import { createWriter, type Writer } from './writer.ts';

/** What an answer shares with the others of its engine. */
export interface AnswerContext {
  readonly model: Model;
  readonly host: Host;
  readonly pictures: PictureCache;
  readonly conversations: Conversations;
  /** What was learnt about each drafter's trees; answers read and replace it. */
  readonly plans: Map<string, Plan>;
}

/**
 * One request from messages to text, as a state machine: it stops after every unit of work (a picture, a chunk of the
 * prompt, a round), so that others may take their turn, and ends at the next such point once it is cancelled.
 */
export async function* answer(
  context: AnswerContext,
  request: Request,
  cancelled: () => boolean,
): AsyncGenerator<GenerateEvent[], GenerateResult> {
  const { model, host } = context;
  const ledger = createLedger(model.meter, host.clock);
  const drafter = await model.drafters.get(model.drafters.nameOf(request.drafter));
  const run = runInfo(context, request, drafter);
  const prompt = yield* prepare(context, request, ledger);
  yield [{ type: 'start', run, promptTokens: prompt.ids.length }];

  const conversation = context.conversations.take(prompt, drafter);
  const cachedTokens = conversation.sequence.length;
  const writer = createWriter(model.tokenizer, {
    eos: new Set(request.ignoreEos ? [] : model.files.config.eosTokenIds),
    maxTokens: tokenLimit(request.maxTokens, prompt.ids.length, model.target.contextLength),
    stop: request.stop,
  });
  const rounds: { shape: TreeShape; stats: RoundStats }[] = [];
  try {
    yield* prefill(context, request, prompt, conversation, writer, ledger, cancelled);
    while (writer.finished === null) {
      if (cancelled()) break;
      yield await round(context, request, drafter, conversation, writer, ledger, rounds);
    }
    const rest = writer.end('cancelled');
    if (rest !== '')
      yield [{ type: 'token', id: writer.ids.at(-1) as number, text: rest, drafted: false }];
    settle(conversation, prompt, writer);
  } catch (error) {
    close(conversation);
    throw error;
  }
  context.conversations.keep(conversation);
  return resultOf(run, prompt, cachedTokens, writer, rounds, ledger);
}

async function* prepare(
  { model, host, pictures }: AnswerContext,
  request: Request,
  ledger: Ledger,
): AsyncGenerator<GenerateEvent[], PreparedPrompt> {
  const steps = preparePrompt(model, host, pictures, request);
  for (;;) {
    const { value } = await ledger.time('vision', () => steps.next());
    if (value.done) return value.value;
    yield [];
  }
}

async function* prefill(
  { model }: AnswerContext,
  request: Request,
  prompt: PreparedPrompt,
  conversation: Conversation,
  writer: Writer,
  ledger: Ledger,
  cancelled: () => boolean,
): AsyncGenerator<GenerateEvent[], void> {
  const picker = createPicker(request.sampling);
  const { sequence, draft } = conversation;
  const total = prompt.ids.length;
  const widest = model.costs.target.at(-1);
  let msPerRow = widest === undefined ? 1 : widest.ms / widest.rows;
  while (sequence.length < total && !cancelled()) {
    const from = sequence.length;
    const to = Math.min(total, from + chunkRows(msPerRow));
    const chunk = () => prefillChunk(model.target, sequence, prompt, to, picker);
    const { value, targetMs } = await ledger.time('prefill', chunk);
    msPerRow = Math.max(targetMs / (to - from), 0.001);
    if (draft !== null) conversation.unread = [...conversation.unread, value.rows];
    const events: GenerateEvent[] = [{ type: 'prefill', done: to, total }];
    const token = value.first === null ? null : writer.write(value.first, false);
    if (token !== null) events.push(token);
    yield events;
  }
}

async function round(
  context: AnswerContext,
  request: Request,
  drafter: Drafter,
  conversation: Conversation,
  writer: Writer,
  ledger: Ledger,
  rounds: { shape: TreeShape; stats: RoundStats }[],
): Promise<GenerateEvent[]> {
  const { target } = context.model;
  const plan = planOf(context, drafter);
  const wanted =
    drafter.name === 'none' ? PLAIN : request.tree === 'auto' ? choose(plan) : request.tree;
  const room = target.contextLength - conversation.sequence.length;
  const shape = fitShape(wanted, room);
  const work = () =>
    runRound({
      target,
      sequence: conversation.sequence,
      draft: conversation.draft,
      unread: conversation.unread,
      root: writer.ids.at(-1) as number,
      position: conversation.sequence.length,
      shape,
      picker: createPicker(request.sampling),
      clock: context.host.clock,
    });
  const { value, ...times } = await ledger.time('round', work);
  conversation.unread = value.unread;
  const { tokens, bonus } = value.accepted;
  const events = [...tokens, bonus].flatMap(
    (id, index) => writer.write(id, index < tokens.length) ?? [],
  );
  const stats: RoundStats = {
    nodes: value.tree.tokens.length,
    accepted: Math.min(tokens.length, events.length),
    ...times,
  };
  rounds.push({ shape, stats });
  if (writer.finished === null) context.plans.set(drafter.name, observe(plan, shape, stats));
  return [...events, { type: 'round', round: stats }];
}

function planOf({ plans, model }: AnswerContext, { name }: Drafter): Plan {
  const isNetwork = name === 'msd' || name === 'eagle';
  const costs = isNetwork ? model.costs : { ...model.costs, draftLevel: 0 };
  return plans.get(name) ?? createPlan(costs, AUTO_TREES);
}

/** Leaves only what was written in the caches. */
function settle(conversation: Conversation, prompt: PreparedPrompt, { ids }: Writer): void {
  const written = [...slotsOf(prompt), ...ids];
  const length = Math.min(conversation.sequence.length, written.length);
  conversation.slots = written.slice(0, length);
  cut(conversation, length);
}

function runInfo(context: AnswerContext, request: Request, drafter: Drafter): RunInfo {
  const { info } = context.model;
  const automatic = request.tree === 'auto' && drafter.name !== 'none';
  const forced = request.tree === 'auto' ? 'auto' : shapeName(request.tree);
  return {
    model: info.model,
    draft: info.draft,
    drafter: drafter.name,
    precision: info.precision,
    device: info.device,
    threads: info.threads,
    tree: drafter.name === 'none' ? 'plain' : forced,
    choice: automatic ? explain(planOf(context, drafter)) : null,
  };
}

function resultOf(
  run: RunInfo,
  prompt: PreparedPrompt,
  cachedTokens: number,
  writer: Writer,
  rounds: readonly { shape: TreeShape; stats: RoundStats }[],
  ledger: Ledger,
): GenerateResult {
  const stats = rounds.map((round) => round.stats);
  const { passes, tokensPerPass, acceptedPerPass } = summarise(stats, writer.ids.length);
  const trees: Record<string, number> = {};
  for (const { shape } of rounds) trees[shapeName(shape)] = (trees[shapeName(shape)] ?? 0) + 1;
  return {
    text: writer.text,
    ids: writer.ids,
    finishReason: writer.finished ?? 'cancelled',
    promptTokens: prompt.ids.length,
    cachedTokens,
    passes,
    tokensPerPass,
    acceptedPerPass,
    run,
    trees,
    rounds: stats,
    timings: ledger.timings(),
  };
}
