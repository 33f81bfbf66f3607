import { describe, expect, it } from 'vitest';
import type { Drafter, DraftJob, DraftState, TreeShape } from '../contracts/drafter.ts';
import { uniform } from '../decode/uniform.ts';
import { createRecycledTokens } from '../draft/recycle/recycled-tokens.ts';
import { syntheticDraft } from './synthetic-drafter.ts';
import { fakeResult } from './testing/fake-results.ts';

const TEXT = [11, 12, 13, 14, 15, 16];
const PROMPT = 7; // tokens, as the fake result has it
const target = { hiddenSize: 4, vocabSize: 50, read: async () => ({}) as never };

/** A network that counts its calls; its state stands where the root is token `at` of the answer. */
function real(isNetwork = true) {
  const calls: (readonly DraftJob[])[] = [];
  const drafter: Drafter = {
    ...{ name: 'msd', drafts: true, isNetwork },
    open: () => ({}) as DraftState,
    run: async (jobs) => {
      calls.push(jobs);
      return jobs.map(() => null);
    },
  };
  return { drafter, calls };
}

async function open(acceptance: readonly number[], draws = 1) {
  let drawn = 0;
  const { drafter, calls } = real();
  const { script, create } = syntheticDraft(acceptance, () => uniform(draws, drawn++));
  script.learn(0, fakeResult({ ids: TEXT }));
  script.follow(0);
  const own = await create({
    target,
    imageTokenId: 12,
    recycled: createRecycledTokens(),
    open: async () => drafter,
  });
  const tree = async (at: number, shape: TreeShape, root = TEXT[at] as number) => {
    const state = { length: PROMPT + at } as DraftState;
    const [tree] = await own.run([{ state, rows: [], grow: { root, shape } }]);
    if (!tree) throw new Error('no tree');
    return tree;
  };
  return { own, script, tree, calls };
}

const chain = (levels: number): TreeShape => ({ total: levels + 1, depth: levels - 1, topK: 1 });

describe('a synthetic draft', () => {
  it("proposes plain's text where it is always right", async () => {
    const { tree } = await open([1, 1, 1]);
    expect(await tree(1, chain(3))).toMatchObject({
      tokens: Int32Array.of(12, 13, 14, 15),
      parents: Int32Array.of(-1, 0, 1, 2),
      depths: Int32Array.of(0, 1, 2, 3),
    });
  });

  it('is right with the probability of each depth, and says so', async () => {
    const { tree } = await open([0.8, 0.3]);
    const right = [0, 0];
    const RUNS = 2000;
    for (let run = 0; run < RUNS; run++) {
      const { tokens, scores } = await tree(0, chain(2));
      for (const depth of [0, 1]) {
        if (tokens[depth + 1] === TEXT[depth + 1]) right[depth] = (right[depth] as number) + 1;
      }
      expect(Math.exp(scores?.[2] as number)).toBeCloseTo(0.8 * 0.3);
    }
    expect((right[0] as number) / RUNS).toBeCloseTo(0.8, 1);
    expect((right[1] as number) / RUNS).toBeCloseTo(0.3, 1);
  });

  it('fills the rows of a wider tree with tokens that are wrong, and never with a picture', async () => {
    const { tree } = await open([0, 0]);
    const { tokens, parents, depths } = await tree(0, { total: 9, depth: 1, topK: 5 });
    expect(tokens).toHaveLength(9);
    for (const [node, parent] of parents.entries()) {
      if (node === 0) continue;
      expect(parent).toBeLessThan(node);
      expect(depths[node]).toBe((depths[parent] as number) + 1);
      expect(tokens[node]).not.toBe(TEXT[depths[node] as number]);
      expect(tokens[node]).not.toBe(12);
    }
    const children = [...parents.entries()].map(([node, parent]) => `${parent} ${tokens[node]}`);
    expect(new Set(children).size, 'siblings differ').toBe(9);
  });

  it('calls the loaded draft once for each run, whatever it proposes', async () => {
    const { tree, calls } = await open([1]);
    await tree(0, chain(1));
    await tree(1, chain(1));
    expect(calls).toHaveLength(2);
  });

  it('proposes nothing for a text that is not the one it knows', async () => {
    const { tree } = await open([1]);
    expect((await tree(1, chain(1), 40)).tokens).toEqual(Int32Array.of(40));
  });

  it('needs a draft whose time it takes', async () => {
    const { create } = syntheticDraft([1], () => 0);
    const opened = create({
      target,
      imageTokenId: undefined,
      recycled: createRecycledTokens(),
      open: async () => real(false).drafter,
    });
    await expect(opened).rejects.toMatchObject({ code: 'drafter_unavailable' });
  });
});
