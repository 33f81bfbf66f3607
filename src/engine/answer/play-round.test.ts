import { describe, expect, it } from 'vitest';
import type { TreeChoice } from '../../contracts/drafter.ts';
import type { GenerateEvent } from '../../contracts/generate.ts';
import type { Asking } from '../../contracts/need.ts';
import { ALONE } from '../../decode/plan.ts';
import { createPrices, timesSeen } from '../../decode/prices.ts';
import { createPicker } from '../../decode/sample.ts';
import { GREEDY } from '../../decode/testing/toy-run.ts';
import { toyModel } from '../testing/toy-model.ts';
import type { AnswerState } from './answer-state.ts';
import { planOf } from './auto-plan.ts';
import { NOBODY } from './company.ts';
import { createConversations } from './conversations.ts';
import { createLazyReader } from './lazy-reader.ts';
import { createLedger } from './ledger.ts';
import { createPictureCache } from './picture.ts';
import { playRound } from './play-round.ts';
import { prefill } from './prefill.ts';
import { readPrompt } from './read-prompt.ts';
import { resolveOptions } from './resolve-options.ts';
import { serveAlone } from './serve-alone.ts';
import { createWriter, type WriterLimits } from './writer.ts';

const TREE = { total: 8, depth: 5, topK: 2 };

/** An answer behind its prompt, the first token written; the machine tells nobody anything. */
async function answering(limits: Partial<WriterLimits>, seed = 1, tree: TreeChoice = TREE) {
  const { host, model } = toyModel({ seed });
  const asked = resolveOptions({ prompt: 'abcabd', tree, ignoreEos: true });
  const request = { ...asked, images: [] };
  const drafter = await model.drafters.get('msd');
  const conversations = createConversations(model.target, 1);
  const context = {
    ...{ host, model, conversations, plans: new Map(), running: () => 0 },
    ...{ prices: { now: createPrices(model.costs) }, others: () => ALONE, company: () => NOBODY },
    pictures: createPictureCache(1),
    reader: createLazyReader(host),
  };
  const prompt = { ...readPrompt(model, request, []), pictures: [] };
  const state: AnswerState = {
    ...{
      context,
      request,
      drafter,
      beside: null,
      recycled: model.drafters.recycled.ofAll,
      prompt,
      ledger: createLedger(host.clock),
      rounds: [],
    },
    conversation: conversations.reuse(prompt, drafter),
    writer: createWriter(model.tokenizer, { eos: new Set(), maxTokens: 60, stop: [], ...limits }),
    grammar: null,
    picker: createPicker(GREEDY),
    named: { names: [], shown: false },
  };
  const events: GenerateEvent[] = [];
  const run = (machine: Asking<void>) => serveAlone(heard(machine, events), model);
  await run(prefill(state, () => false));
  await run(playRound(state)); // the draft reads the prompt
  return { state, events, play: () => run(playRound(state)) };
}

/** A machine whose events are kept. */
function* heard<R>(machine: Asking<R>, events: GenerateEvent[]): Asking<R> {
  let given = machine.next();
  while (!given.done) {
    const need = given.value;
    if (need.type === 'events') events.push(...need.events);
    given = machine.next(yield need);
  }
  return given.value;
}

describe('a round', () => {
  it('teaches the plan what it accepted, and the prices what its pass took', async () => {
    const { state, play } = await answering({});
    const { context } = state;
    const before = planOf(context, state);
    await play();
    const stats = state.rounds[0]?.stats;
    expect(stats?.accepted).toBeGreaterThan(0);
    const plan = planOf(context, state);
    expect([plan.rounds, plan.drafted]).toEqual([before.rounds + 1, before.drafted + 1]);
    expect(plan.calibrations).not.toEqual(before.calibrations);
    expect(context.prices.now.passes).toBe(1);
    expect(timesSeen(context.prices.now, stats?.nodes ?? 0)).toBeGreaterThan(0);
  });

  it('that ends the answer counts by what it wrote, not by how far its tree reached', async () => {
    let tried = 0;
    for (let seed = 1; seed < 60; seed++) {
      const free = await answering({}, seed, 'auto');
      await free.play();
      const drafted = free.state.rounds[0]?.stats.accepted ?? 0;
      const [, second] = free.state.writer.ids;
      if (drafted < 2 || second === undefined || free.state.writer.ids[0] === second) continue;
      tried++;
      // The second token, which the tree held too, is an end; what was drafted behind it comes to nothing.
      const { state, events, play } = await answering({ eos: new Set([second]) }, seed, 'auto');
      const goesOn = await answering({}, seed, 'auto');
      const { context } = state;
      await play();
      await goesOn.play();
      expect(state.writer.finished).toBe('stop');
      expect(events.filter(({ type }) => type === 'token').length - 1).toBe(1);
      const { called } = planOf(context, state).borneOut;
      expect(called.tokens).toBeLessThan(
        planOf(goesOn.state.context, goesOn.state).borneOut.called.tokens,
      );
    }
    expect(tried).toBeGreaterThan(2);
  });
});
