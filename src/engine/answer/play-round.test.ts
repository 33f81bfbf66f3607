import { describe, expect, it } from 'vitest';
import type { TreeShape } from '../../contracts/drafter.ts';
import type { GenerateEvent } from '../../contracts/generate.ts';
import type { Asking } from '../../contracts/need.ts';
import { observe } from '../../decode/planner.ts';
import { createPicker } from '../../decode/sample.ts';
import { GREEDY } from '../../decode/testing/toy-run.ts';
import { toyModel } from '../testing/toy-model.ts';
import type { AnswerState } from './answer-state.ts';
import { planOf } from './auto-plan.ts';
import { createConversations } from './conversations.ts';
import { createLedger } from './ledger.ts';
import { createPictureCache } from './picture.ts';
import { playRound } from './play-round.ts';
import { prefill } from './prefill.ts';
import { readPrompt } from './read-prompt.ts';
import { resolveOptions } from './resolve-options.ts';
import { serveAlone } from './serve-alone.ts';
import { createWriter, type WriterLimits } from './writer.ts';

const TREE: TreeShape = { total: 8, depth: 5, topK: 2 }; // one that `auto` knows

/** An answer behind its prompt, the first token written; the machine tells nobody anything. */
async function answering(limits: Partial<WriterLimits>, seed = 1) {
  const { host, model } = toyModel({ seed });
  const asked = resolveOptions({ prompt: 'abcabd', tree: TREE, ignoreEos: true });
  const request = { ...asked, images: [] };
  const drafter = await model.drafters.get('msd');
  const conversations = createConversations(model.target, 1);
  const context = {
    ...{ host, model, conversations, plans: new Map(), company: () => 0 },
    pictures: createPictureCache(1),
  };
  const prompt = { ...readPrompt(model, request, []), pictures: [] };
  const state: AnswerState = {
    ...{ context, request, drafter, prompt, ledger: createLedger(host.clock), rounds: [] },
    conversation: conversations.reuse(prompt, drafter),
    writer: createWriter(model.tokenizer, { eos: new Set(), maxTokens: 60, stop: [], ...limits }),
    picker: createPicker(GREEDY),
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
  it('teaches the plan what it accepted', async () => {
    const { state, play } = await answering({});
    const before = planOf(state.context, state.drafter);
    await play();
    const stats = state.rounds[0]?.stats;
    expect(stats?.accepted).toBeGreaterThan(0);
    expect(state.context.plans.get('msd')).toEqual(observe(before, TREE, stats as never));
  });

  it('that ends the answer counts by what it wrote, not by how far its tree reached', async () => {
    let tried = 0;
    for (let seed = 1; seed < 20; seed++) {
      const free = await answering({}, seed);
      await free.play();
      const drafted = free.state.rounds[0]?.stats.accepted ?? 0;
      const [, second] = free.state.writer.ids;
      if (drafted < 3 || second === undefined || free.state.writer.ids[0] === second) continue;
      tried++;
      // The second token, which the tree held too, is an end; two more drafted tokens come to nothing.
      const { state, events, play } = await answering({ eos: new Set([second]) }, seed);
      const before = planOf(state.context, state.drafter);
      await play();
      expect(state.writer.finished).toBe('stop');
      const written = events.filter(({ type }) => type === 'token').length - 1;
      expect(written).toBe(1);
      const stats = state.rounds[0]?.stats;
      const paid = { ...(stats as NonNullable<typeof stats>), accepted: written - 1 };
      expect(state.context.plans.get('msd')).toEqual(observe(before, TREE, paid));
    }
    expect(tried).toBeGreaterThan(2);
  });
});
