/** What every drafter owes the loop, whatever it drafts with: the contract of Drafter. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFolder } from '../checkpoint/model-folder.ts';
import { TINY_DRAFT, TINY_TARGET } from '../checkpoint/testing/folders.ts';
import type {
  Drafter,
  DrafterContext,
  DraftJob,
  DraftRows,
  DraftTree,
  TreeShape,
} from '../contracts/drafter.ts';
import type { Session } from '../contracts/session.ts';
import { rootTree } from '../decode/tree-shape.ts';
import { decoderOf } from '../families/families.ts';
import { readDraft } from '../families/read-draft.ts';
import { readTarget } from '../families/read-target.ts';
import type { Graph } from '../graph/graph.ts';
import { createSession } from '../runtime/session.ts';
import type { DrafterOfDrafts, TrainedDraft } from './built-in-drafter.ts';
import { DRAFTERS } from './drafters.ts';
import { createRecycledTokens } from './recycle/recycled-tokens.ts';
import { type DraftText, openText } from './testing/draft-text.ts';
import { heldRows, readHeld } from './testing/held-rows.ts';
import { layoutOf, layoutRows, randomFloats } from './testing/layouts.ts';
import { randomBlockDraft, TINY_BLOCK } from './testing/random-block-draft.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 20);
const WIDTH = 160;
const IMAGE = 1022;

/** Drafts of the tiny target; a network is bound once. */
let trained: TrainedDraft;
let blockDraft: TrainedDraft;
const sessions = new Map<string, Promise<Session>>();
beforeAll(async () => {
  const { embedding, head } = decoderOf(await readTarget(modelFolder(TINY_TARGET)));
  const borrowed = { embedding, head, placing: 'published' } as const;
  trained = { ...(await readDraft(modelFolder(TINY_DRAFT))), ...borrowed };
  const tensors = randomBlockDraft(TINY_BLOCK);
  blockDraft = { method: 'block', config: TINY_BLOCK, tensors, ...borrowed };
});
const openSession = (graph: Graph) => {
  const known = sessions.get(graph.name);
  const session = known ?? createSession(graph, { device: 'cpu', threads: 1 });
  sessions.set(graph.name, session);
  return session;
};
afterAll(async () => {
  for (const session of sessions.values()) await (await session).dispose();
});

const CONTEXT: DrafterContext = {
  target: { hiddenSize: WIDTH, vocabSize: 1024, read: readHeld },
  imageTokenId: IMAGE,
  recycled: createRecycledTokens(),
};

const shapes: fc.Arbitrary<TreeShape> = fc.record({
  total: fc.integer({ min: 1, max: 64 }),
  depth: fc.nat(6),
  topK: fc.integer({ min: 1, max: 12 }),
});

/** Rows of few different words, so that texts repeat, with a picture now and then. */
const pieces: fc.Arbitrary<DraftRows> = fc
  .record({
    plan: fc.string({ unit: fc.constantFrom('w', 'w', 'w', 'P'), minLength: 1, maxLength: 6 }),
    words: fc.array(fc.integer({ min: 350, max: 353 }), { minLength: 24, maxLength: 24 }),
    seed: fc.nat(1e6),
  })
  .map(({ plan, words, seed }) => {
    const rows = layoutRows(layoutOf(plan, WIDTH, seed));
    const next = rows.next.map((id, row) => (id === IMAGE ? id : (words[row] as number)));
    return { ...rows, next };
  });
const texts = fc.array(pieces, { minLength: 1, maxLength: 4 });

const rootOf = (text: readonly DraftRows[]): number => text.at(-1)?.next.at(-1) as number;

/** A text that was read piece by piece. */
async function reading(drafter: Drafter, pieces: readonly DraftRows[]): Promise<DraftText> {
  const text = openText(drafter);
  for (const rows of pieces) await text.extend(rows);
  return text;
}

function expectWellFormed(tree: DraftTree, root: number, { total, depth, topK }: TreeShape): void {
  const { tokens, parents, depths } = tree;
  expect([tokens[0], parents[0], depths[0]]).toEqual([root, -1, 0]);
  expect([parents.length, depths.length]).toEqual([tokens.length, tokens.length]);
  expect(tokens.length).toBeLessThanOrEqual(total);
  const edges = new Set<string>();
  const children = new Map<number, number>();
  for (let node = 1; node < tokens.length; node++) {
    const parent = parents[node] as number;
    expect(parent).toBeGreaterThanOrEqual(0);
    expect(parent).toBeLessThan(node);
    expect(depths[node]).toBe((depths[parent] as number) + 1);
    edges.add(`${parent} ${tokens[node]}`);
    children.set(parent, (children.get(parent) ?? 0) + 1);
  }
  expect(edges.size).toBe(tokens.length - 1);
  expect(Math.max(...depths)).toBeLessThanOrEqual(depth + 1);
  expect(Math.max(0, ...children.values())).toBeLessThanOrEqual(topK);
}

describe.each(DRAFTERS)('the contract of a drafter: $name', (row) => {
  const open = async (): Promise<Drafter> => {
    if (row.runs === undefined) return row.open(CONTEXT);
    const draft = row.runs[0] === 'block' ? blockDraft : trained;
    return (row as DrafterOfDrafts).open(CONTEXT, draft, openSession);
  };

  it('is what its row says', async () => {
    const { name, drafts } = row;
    expect(await open()).toMatchObject({ name, drafts });
  });

  it('counts the rows that it was given and keeps', () =>
    fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 0, max: 100 }), async (text, percent) => {
        const state = openText(await open());
        expect(state.length).toBe(0);
        let length = 0;
        for (const rows of text) {
          await state.extend(rows);
          length += rows.next.length;
          expect(state.length).toBe(length);
        }
        const kept = Math.floor((percent / 100) * length);
        state.truncate(kept);
        expect(state.length).toBe(kept);
        await state.extend(text[0] as DraftRows);
        expect(state.length).toBe(kept + (text[0]?.next.length ?? 0));
      }),
      { numRuns },
    ));

  it('proposes well-formed trees within their shape', () =>
    fc.assert(
      fc.asyncProperty(texts, shapes, async (text, shape) => {
        const state = await reading(await open(), text);
        expectWellFormed(await state.propose(rootOf(text), shape), rootOf(text), shape);
      }),
      { numRuns: 3 * numRuns },
    ));

  it('is left as it was by a proposal', () =>
    fc.assert(
      fc.asyncProperty(texts, pieces, shapes, async (text, more, shape) => {
        const [state, untouched] = [
          await reading(await open(), text),
          await reading(await open(), text),
        ];
        const tree = await state.propose(rootOf(text), shape);
        expect(state.length).toBe(untouched.length);
        expect(await state.propose(rootOf(text), shape)).toEqual(tree);
        await state.extend(more);
        await untouched.extend(more);
        const root = rootOf([more]);
        expect(await state.propose(root, shape)).toEqual(await untouched.propose(root, shape));
      }),
      { numRuns },
    ));

  it('forgets what is truncated', () =>
    fc.assert(
      fc.asyncProperty(texts, pieces, shapes, async (text, other, shape) => {
        const fresh = await reading(await open(), text);
        const state = await reading(await open(), text.slice(0, -1));
        const kept = state.length;
        await state.extend(other);
        await state.propose(rootOf([other]), shape);
        state.truncate(kept);
        await state.extend(text.at(-1) as DraftRows);
        const root = rootOf(text);
        expect(await state.propose(root, shape)).toEqual(await fresh.propose(root, shape));
      }),
      { numRuns },
    ));

  it('shares nothing with another state of its drafter', () =>
    fc.assert(
      fc.asyncProperty(texts, texts, shapes, async (text, other, shape) => {
        const drafter = await open();
        const alone = await reading(await open(), text);
        const [state, neighbour] = [openText(drafter), openText(drafter)];
        for (let i = 0; i < Math.max(text.length, other.length); i++) {
          const [mine, theirs] = [text[i], other[i]];
          if (mine !== undefined) await state.extend(mine);
          if (theirs !== undefined) await neighbour.extend(theirs);
          await neighbour.propose(rootOf(other.slice(0, i + 1)), shape);
        }
        neighbour.dispose();
        const root = rootOf(text);
        expect(await state.propose(root, shape)).toEqual(await alone.propose(root, shape));
      }),
      { numRuns },
    ));

  it('grows the same trees in company, cold and warm, as each text alone', () => {
    const guests = fc.array(
      fc.record({ text: texts, known: fc.nat(4), shape: fc.option(shapes, { nil: undefined }) }),
      { minLength: 1, maxLength: 6 },
    );
    return fc.assert(
      fc.asyncProperty(guests, async (all) => {
        const drafter = await open();
        const jobs: DraftJob[] = [];
        const expected: (DraftTree | null)[] = [];
        for (const { text, known, shape } of all) {
          const { state } = await reading(drafter, text.slice(0, known));
          const grow = shape && { root: rootOf(text), shape };
          jobs.push({ state, rows: text.slice(known), ...(grow && { grow }) });
          const alone = await reading(await open(), text);
          expected.push(grow ? await alone.propose(grow.root, grow.shape) : null);
        }
        const trees = await drafter.run(jobs);
        for (const [at, { grow }] of jobs.entries()) {
          const tree = trees[at] ?? (grow === undefined ? null : rootTree(grow.root));
          expect(tree, `tree ${at}`).toEqual(expected[at]);
        }
      }),
      { numRuns },
    );
  });

  it('takes no rows as nothing new', async () => {
    const text = [layoutRows(layoutOf('wwPww', WIDTH, 3))];
    const state = await reading(await open(), text);
    const shape = { total: 59, depth: 5, topK: 10 };
    const tree = await state.propose(rootOf(text), shape);
    const none = { data: randomFloats(0, 1), count: 0, width: WIDTH };
    await state.extend(heldRows(new Int32Array(0), none));
    await state.extend();
    expect(await state.propose(rootOf(text), shape)).toEqual(tree);
  });

  it('proposes the root alone before it has read anything, and when only a root is wanted', async () => {
    const root = { tokens: Int32Array.of(7), parents: Int32Array.of(-1), depths: Int32Array.of(0) };
    const state = openText(await open());
    expect(await state.propose(7, { total: 59, depth: 5, topK: 10 })).toMatchObject(root);
    const rows = layoutRows(layoutOf('ww', WIDTH, 3));
    await state.extend({ ...rows, next: Int32Array.of(7, 7) });
    expect(await state.propose(7, { total: 1, depth: 5, topK: 10 })).toMatchObject(root);
  });

  it('refuses to be truncated to rows that it never had, and loses nothing by that', async () => {
    const text = [layoutRows(layoutOf('wwww', WIDTH, 3))];
    const state = await reading(await open(), text);
    const shape = { total: 59, depth: 5, topK: 10 };
    const tree = await state.propose(rootOf(text), shape);
    expect(() => state.truncate(5)).toThrow(RangeError);
    expect(() => state.truncate(-1)).toThrow(RangeError);
    expect(state.length).toBe(4);
    expect(await state.propose(rootOf(text), shape)).toEqual(tree);
  });

  it('is empty once disposed', async () => {
    const state = await reading(await open(), [layoutRows(layoutOf('ww', WIDTH, 3))]);
    state.dispose();
    expect(state.length).toBe(0);
  });
});
