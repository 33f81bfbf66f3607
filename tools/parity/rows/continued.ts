/** Texts that went on in their caches, against the same texts read from scratch. */
import type { Drafter, DraftRows, DraftState, DraftTree } from '../../../src/contracts/drafter.ts';
import type { Forward, Sequence, Target } from '../../../src/contracts/target.ts';
import { runRound } from '../../../src/decode/round.ts';
import { createPicker } from '../../../src/decode/sample.ts';
import { treeStep } from '../../../src/decode/tree-step.ts';
import {
  type Conversation,
  createConversations,
} from '../../../src/engine/answer/conversations.ts';
import { serveAlone } from '../../../src/engine/answer/serve-alone.ts';
import { answerWith } from '../answer-with.ts';
import { goldenNumbers, layoutCases, tinyCases } from '../golden-cases.ts';
import type { Lab, OpenModel } from '../lab.ts';
import { EQUAL, type Line } from '../line.ts';
import { preparedCase } from '../prepared-case.ts';
import { validationPrompts } from '../prompts.ts';
import { readPromptWhole } from '../read-prompt-whole.ts';
import { sameBits } from '../same-bits.ts';
import { sameTrees } from '../same-trees.ts';
import { createTally, figures, type Tally } from '../tally.ts';
import { openWatchedDraft, type WatchedDraft } from '../watched-draft.ts';

const SHAPE = { total: 59, depth: 5, topK: 10 };
const GREEDY = createPicker({ temperature: 0, topK: 0, topP: 1, minP: 0, seed: 0 });
const ROUNDS = 4;

/** A text in the caches of target and draft, its newest token, and what the draft has still to read. */
interface Standing {
  readonly drafter: Drafter;
  readonly sequence: Sequence;
  readonly draft: DraftState;
  readonly root: number;
  readonly unread: readonly DraftRows[];
}

interface Tallies {
  readonly features: Tally;
  readonly draftCache: Tally;
  readonly trees: Tally;
}

const createTallies = (): Tallies => ({
  features: createTally(),
  draftCache: createTally(),
  trees: createTally(),
});

/** After some rounds of drafting: the caches were written from accepted nodes of trees. */
export async function afterRounds(lab: Lab): Promise<Line[]> {
  const tallies = createTallies();
  const open = await lab.open('tiny');
  const { target } = open.model;
  const draft = await openWatchedDraft(open);
  const drafter = draft.drafter();
  for (const one of [...tinyCases(), ...layoutCases()]) {
    const prompt = await preparedCase(open.model, one, goldenNumbers(one.set));
    const { sequence, first, rows } = await readPromptWhole(target, prompt);
    const state = drafter.open();
    const text = [...prompt.ids];
    let [root, unread]: [number, readonly DraftRows[]] = [first, [rows]];
    for (let i = 0; i < ROUNDS; i += 1) {
      const { accepted, ...after } = await serveAlone(
        runRound({
          sequence,
          draft: { drafter, state },
          unread,
          root,
          position: sequence.length,
          shape: SHAPE,
          picker: GREEDY,
        }),
        { target },
      );
      text.push(root, ...accepted.tokens);
      [root, unread] = [accepted.bonus, after.unread];
    }
    const whole = await readPromptWhole(target, { ...prompt, ids: Int32Array.from(text) });
    const read = { sequence: whole.sequence, unread: [whole.rows] };
    const scratch = { ...read, drafter, draft: drafter.open(), root };
    await compare(
      target,
      draft,
      { drafter, sequence, draft: state, root, unread },
      scratch,
      one.name,
      tallies,
    );
  }
  await draft.dispose();
  return linesOf(`${ROUNDS} rounds`, tallies);
}

/** A second turn that found the first one in the caches. */
export async function overTurns(lab: Lab): Promise<Line[]> {
  const tallies = createTallies();
  const open = await lab.open('tiny');
  const draft = await openWatchedDraft(open);
  const drafter = draft.drafter();
  let reused = 0;
  const prompts = validationPrompts(lab.quick ? 16 : 60).filter(
    ({ messages }) => messages.length > 2,
  );
  for (const { name, messages } of prompts) {
    const [question, , next] = messages;
    if (question === undefined || next === undefined) continue;
    const kept = keptConversations(open);
    const ask = async (said: typeof messages, maxTokens: number, conversations: typeof kept) => {
      const options = { messages: said, maxTokens, drafter: 'msd', tree: SHAPE } as const;
      return answerWith(open, options, { drafter, conversations });
    };
    const { text } = await ask([question], 64, kept);
    const turns = [question, { role: 'assistant', content: text }, next] as const;
    const continued = await ask(turns, 1, kept);
    const fresh = keptConversations(open);
    const alone = await ask(turns, 1, fresh);
    reused += continued.cachedTokens;
    if (continued.cachedTokens === 0) tallies.trees.equal(false, `${name}: nothing was re-used;`);
    const root = alone.ids[0] as number;
    await compare(
      open.model.target,
      draft,
      standing(drafter, kept.newest(), root),
      standing(drafter, fresh.newest(), root),
      name,
      tallies,
    );
  }
  await draft.dispose();
  return linesOf(`a turn, ${reused} tokens re-used`, tallies);
}

/** Conversations that show what was kept last. */
function keptConversations({ model }: OpenModel) {
  const conversations = createConversations(model.target, 4);
  let newest: Conversation | undefined;
  return {
    ...conversations,
    store(conversation: Conversation) {
      newest = conversation;
      conversations.store(conversation);
    },
    newest: () => newest,
  };
}

function standing(
  drafter: Drafter,
  conversation: Conversation | undefined,
  root: number,
): Standing {
  if (conversation?.draft == null) throw new Error('no drafted conversation was kept');
  const { sequence, draft, unread } = conversation;
  return { drafter, sequence, draft, root, unread };
}

/** Lets both drafts read and propose, and the target judge what the second proposes, in both caches. */
async function compare(
  target: Target,
  draft: WatchedDraft,
  continued: Standing,
  scratch: Standing,
  name: string,
  { features, draftCache, trees }: Tallies,
): Promise<void> {
  const look = async ({ drafter, sequence, draft: state, root, unread }: Standing) => {
    const grow = { root, shape: SHAPE };
    const [tree] = (await drafter.run([{ state, rows: unread, grow }])) as [DraftTree];
    const { length } = sequence;
    return { tree, cache: draft.cacheRows(length), sequence, length };
  };
  const [a, b] = [await look(continued), await look(scratch)];
  const judge = async ({ sequence }: { sequence: Sequence }) => {
    const step = treeStep(sequence, b.tree, sequence.length, 'best');
    const [forward] = (await target.forward([step])) as [Forward];
    sequence.dispose();
    return target.read(forward.rows);
  };
  const [seenA, seenB] = [await judge(a), await judge(b)];
  features.equal(sameBits(seenA.data, seenB.data), name, seenA.count);
  for (const part of ['keys', 'values'] as const) {
    draftCache.equal(sameBits(a.cache[part], b.cache[part]), `${part} of ${name}`, a.length);
  }
  trees.equal(sameTrees(a.tree, b.tree), name);
}

function linesOf(after: string, { features, draftCache, trees }: Tallies): Line[] {
  const against = 'from scratch, bit for bit';
  const bound = EQUAL;
  return [
    { what: `target features after ${after}`, against, bound, unit: 'rows', ...figures(features) },
    {
      what: `draft keys and values after ${after}`,
      against,
      bound,
      unit: 'rows',
      ...figures(draftCache),
    },
    { what: `tree after ${after}`, against, bound: EQUAL, unit: 'trees', ...figures(trees) },
  ];
}
