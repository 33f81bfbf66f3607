import { describe, expect, it } from 'vitest';
import type { Drafter } from '../../contracts/drafter.ts';
import type { Forward, Sequence, Target } from '../../contracts/target.ts';
import { createNoDrafter } from '../../draft/none.ts';
import { createSuffixDrafter } from '../../draft/suffix.ts';
import { consecutive } from '../../model/consecutive.ts';
import { type Conversation, createConversations, trimToAnswer } from './conversations.ts';
import type { PreparedPrompt } from './read-prompt.ts';

const LOOKUP = createSuffixDrafter(-1);
const NONE = createNoDrafter();

/** A target whose sequences only count; it tells how many are open, and counts once what was joined. */
function countingTarget({ copies = true } = {}) {
  const open = new Set<Sequence>();
  const joined = new Map<Sequence, number>();
  const opened = (first: number): Sequence => {
    let length = first;
    const sequence: Sequence = {
      get length() {
        return length;
      },
      get nextPosition() {
        return length;
      },
      commit: (_, rows) => {
        length += rows.length;
      },
      truncate: (to) => {
        length = to;
      },
      ...(copies && { copy: opened }),
      join: (_, shared) => joined.set(sequence, shared),
      dispose: () => open.delete(sequence),
    };
    open.add(sequence);
    return sequence;
  };
  const target: Target = {
    hiddenSize: 1,
    vocabSize: 100,
    contextLength: 100,
    open: () => opened(0),
    columns: (sequences) =>
      sequences.reduce((sum, one) => sum + one.length - (joined.get(one) ?? 0), 0),
    forward: async () => [],
    read: async () => ({ data: new Float32Array(0), count: 0, width: 1 }),
  };
  return { target, open };
}

const promptOf = (ids: readonly number[]): PreparedPrompt => {
  return { text: '', ids: Int32Array.from(ids), spans: [], pictures: [] };
};

const forwardOf = (count: number): Forward => ({ best: new Int32Array(0), rows: { count } });

/** Plays an answer: reads the prompt, writes ids, of which the newest is not committed, and some rows too many. */
async function play(
  conversation: Conversation,
  prompt: PreparedPrompt,
  ids: readonly number[],
  { read = false, extra = 0 } = {},
): Promise<void> {
  const { sequence, draft } = conversation;
  const text = [...prompt.ids, ...ids, ...new Array(extra).fill(99)];
  const from = sequence.length;
  const count = text.length - (extra === 0 ? 1 : 0) - from;
  const forward = forwardOf(count);
  sequence.commit(forward, new Int32Array(count));
  const next = Int32Array.from({ length: count }, (_, i) => text[from + i + 1] ?? 98);
  const rows = { next, from: forward.rows, at: consecutive(count) };
  if (draft !== null && read) await LOOKUP.run([{ state: draft, rows: [rows] }]);
  else if (draft !== null) conversation.unread = [...conversation.unread, rows];
  trimToAnswer(conversation, prompt, ids);
}

function expectInStep({ sequence, draft, unread, slots }: Conversation): void {
  const waiting = unread.reduce((sum, { next }) => sum + next.length, 0);
  expect(slots.length).toBe(sequence.length);
  if (draft !== null) expect(draft.length + waiting).toBe(sequence.length);
}

async function kept(
  drafter: Drafter,
  texts: readonly (readonly number[])[],
  most = 16,
  { target, open } = countingTarget(),
) {
  const conversations = createConversations(target, most);
  for (const text of texts) {
    const prompt = promptOf(text);
    const conversation = conversations.reuse(prompt, drafter);
    await play(conversation, prompt, [50]);
    conversations.store(conversation);
  }
  return { conversations, open };
}

describe('conversations', () => {
  it('stay in step, whoever read what and however many rows were committed too many', async () => {
    for (const read of [true, false]) {
      for (const extra of [0, 1, 3]) {
        for (const shared of [1, 2, 5, 7, 8, 9]) {
          const conversations = createConversations(countingTarget().target, 16);
          const prompt = promptOf([1, 2, 3, 4, 5]);
          const conversation = conversations.reuse(prompt, LOOKUP);
          await play(conversation, prompt, [6, 7, 8, 9], { read, extra });
          expectInStep(conversation);
          conversations.store(conversation);
          const next = [1, 2, 3, 4, 5, 6, 7, 8, 9].slice(0, shared);
          const again = conversations.reuse(promptOf([...next, 40]), LOOKUP);
          expectInStep(again);
          if (shared >= 5) expect(again).toBe(conversation);
        }
      }
    }
  });

  it('go on from the one that shares most', async () => {
    const { conversations } = await kept(LOOKUP, [
      [1, 2, 3, 4],
      [9, 8, 7, 6],
    ]);
    expect(conversations.reuse(promptOf([9, 8, 7, 5]), LOOKUP).sequence.length).toBe(2);
  });

  it('leave a long one alone that shares little with a long prompt, and copy what it shares', async () => {
    const { conversations, open } = await kept(LOOKUP, [[1, 2, 3, 4, 5, 6, 7, 8]]);
    const other = conversations.reuse(promptOf([1, 2, 3, 9, 9, 9, 9, 9]), LOOKUP);
    expect(other.sequence.length).toBe(2);
    expectInStep(other);
    expect(open.size).toBe(2);
    expect(
      conversations.reuse(promptOf([1, 2, 3, 4, 5, 6, 7, 8, 50, 3]), LOOKUP).sequence.length,
    ).toBe(7);
  });

  it('are copied for a request beside the one that runs, as far as that has come', async () => {
    for (const read of [true, false]) {
      const conversations = createConversations(countingTarget().target, 16);
      const prompt = promptOf([1, 2, 3, 4]);
      const one = conversations.reuse(prompt, LOOKUP);
      expect(conversations.reuse(prompt, LOOKUP).sequence.length, 'nothing is read yet').toBe(0);
      await play(one, prompt, [5, 6, 7], { read });
      const two = conversations.reuse(promptOf([1, 2, 3, 4, 5, 6]), LOOKUP);
      expect(two.sequence).not.toBe(one.sequence);
      expect(two.sequence.length, 'of its prompt, less a row').toBe(3);
      expect(two.slots).toEqual([1, 2, 3]);
      expectInStep(two);
      expectInStep(one);
    }
  });

  it('are not copied while a pass of the draft is not noted', async () => {
    const conversations = createConversations(countingTarget().target, 16);
    const prompt = promptOf([1, 2, 3, 4]);
    const one = conversations.reuse(prompt, LOOKUP);
    await play(one, prompt, [5], { read: false });
    const [first] = one.unread;
    const { next, from, at } = first as NonNullable<typeof first>;
    const rows = { next: next.slice(0, 2), from, at: at.slice(0, 2) };
    await LOOKUP.run([{ state: one.draft as NonNullable<typeof one.draft>, rows: [rows] }]);
    expect(conversations.reuse(promptOf([1, 2, 3, 4]), LOOKUP).sequence.length).toBe(0);
    expect(conversations.reuse(promptOf([1, 2, 3, 9]), LOOKUP).sequence.length, 'read').toBe(2);
  });

  it('are no longer gone on with once their answer failed', async () => {
    const { target, open } = countingTarget();
    const conversations = createConversations(target, 16);
    const prompt = promptOf([1, 2, 3, 4]);
    const one = conversations.reuse(prompt, LOOKUP);
    await play(one, prompt, [5]);
    conversations.drop(one);
    expect(open.size).toBe(0);
    expect(conversations.reuse(prompt, LOOKUP).sequence.length).toBe(0);
  });

  it('are not shared at once where rows are not copied', async () => {
    const target = countingTarget({ copies: false });
    const { conversations } = await kept(LOOKUP, [[1, 2, 3, 4]], 16, target);
    const prompt = promptOf([1, 2, 3, 4]);
    const [one, two] = [conversations.reuse(prompt, LOOKUP), conversations.reuse(prompt, LOOKUP)];
    expect(one.sequence).not.toBe(two.sequence);
    expect(two.sequence.length).toBe(0);
  });

  it('leave a row of a prompt that was read whole, so that there is something to ask', async () => {
    const { conversations } = await kept(LOOKUP, [[1, 2, 3, 4]]);
    expect(conversations.reuse(promptOf([1, 2, 3, 4]), LOOKUP).sequence.length).toBe(3);
  });

  it('of one drafter are none of another', async () => {
    const { conversations } = await kept(NONE, [[1, 2, 3, 4]]);
    expect(conversations.reuse(promptOf([1, 2, 3, 4]), LOOKUP).sequence.length).toBe(0);
  });

  it.each([
    [16, [0, 0, 3, 3, 3, 3]],
    [15, [0, 0, 0, 3, 3, 3]],
    [4, [0, 0, 0, 0, 0, 3]],
    [1, [0, 0, 0, 0, 0, 3]],
    [0, [0, 0, 0, 0, 0, 0]],
  ])(
    'are kept up to %d columns, the latest ones, and given back in the end',
    async (most, lengths) => {
      const texts = [1, 2, 3, 4, 5, 6].map((first) => [first, 10 + first, 20 + first, 30 + first]);
      const { conversations, open } = await kept(LOOKUP, texts, most);
      expect(open.size).toBe(lengths.filter((length) => length > 0).length); // each holds four columns
      const taken = texts.map(
        (text) => conversations.reuse(promptOf(text), LOOKUP).sequence.length,
      );
      expect(taken).toEqual(lengths);
      const rest = await kept(LOOKUP, texts, most);
      rest.conversations.dispose();
      expect(rest.open.size).toBe(0);
    },
  );

  it('are 256 at most, so that a prompt is soon compared with all', async () => {
    const texts = Array.from({ length: 300 }, (_, first) => [1000 + first, 1, 2, 3]);
    expect((await kept(LOOKUP, texts, Infinity)).open.size).toBe(256);
  });

  it('take room once for what they begin with alike, by a block at least', async () => {
    const rows = (first: number, count: number) =>
      Array.from({ length: count }, (_, i) => first + i);
    const ends = [1000, 2000, 3000].map((first) => rows(first, 64)); // more than is given up for another
    const long = ends.map((end) => [...rows(0, 80), ...end]);
    const most = 80 + 3 * 64;
    expect((await kept(LOOKUP, long, most)).open.size).toBe(3);
    expect((await kept(LOOKUP, long, most - 1)).open.size).toBe(2);
    const short = ends.map((end) => [...rows(0, 60), ...end]);
    expect((await kept(LOOKUP, short, most)).open.size).toBe(2);
  });

  it('give up the oldest where room is short, and no more of them than that takes', async () => {
    const texts = [1, 2, 3].map((first) => [first, 10 + first, 20 + first, 30 + first]);
    for (const [columns, left] of [
      [Infinity, 3],
      [12, 3],
      [11, 2],
      [8, 2],
      [4, 1],
      [3, 0],
      [-5, 0],
    ] as const) {
      const { conversations, open } = await kept(LOOKUP, texts);
      conversations.shrink(columns); // each holds four columns
      expect(open.size).toBe(left);
      const lengths = texts.map((text) => conversations.reuse(promptOf(text), LOOKUP));
      expect(lengths.filter(({ sequence }) => sequence.length > 0).length).toBe(left);
    }
  });
});
