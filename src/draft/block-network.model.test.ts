import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { BlockDraftConfig } from '../contracts/block-draft.ts';
import type { MemoryTensor } from '../contracts/checkpoint.ts';
import type { DraftRows, DraftTree } from '../contracts/drafter.ts';
import { NonFiniteFeatureError } from '../contracts/errors.ts';
import type { AxisPositions } from '../contracts/messages.ts';
import type { Session } from '../contracts/session.ts';
import type { BlockGuess } from '../decode/best-first.ts';
import { uniform } from '../decode/uniform.ts';
import { BLOCK } from '../graph/blocks/block-attention.ts';
import { consecutive } from '../model/consecutive.ts';
import { createSession } from '../runtime/session.ts';
import { createBlockDrafter } from './block-drafter.ts';
import { buildBlockDraft, candidateCount } from './block-graph.ts';
import {
  type BlockDraftNetwork,
  type BlockLane,
  createBlockDraftNetwork,
} from './block-network.ts';
import { type ReferenceText, referenceGuess, softmax } from './testing/block-reference.ts';
import { openText } from './testing/draft-text.ts';
import { heldRows, readHeld } from './testing/held-rows.ts';
import { randomBlockDraft, TINY_BLOCK } from './testing/random-block-draft.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 20);

const SMALL: BlockDraftConfig = { ...TINY_BLOCK, hiddenSize: 24, headDim: 8, vocabSize: 40 };
const H = SMALL.hiddenSize;
const numbers = (seed: number, count: number) =>
  Float32Array.from({ length: count }, (_, i) => 3 * uniform(seed, i) - 1.5);
const table = (name: string, seed: number): MemoryTensor => ({
  ...{ name, dtype: 'F32', shape: [SMALL.vocabSize, H] },
  data: numbers(seed, SMALL.vocabSize * H),
});
const TARGET = { embedding: table('embedding', 11), head: table('head', 12) };

const CASES: Record<string, BlockDraftConfig> = {
  'pictures decoupled': SMALL,
  'pictures fused': { ...SMALL, fusion: 'fused' },
  'three layers, a head for each key': { ...SMALL, layers: 3, kvHeads: 4, slots: 3 },
  'a reduced head': { ...SMALL, headTokenIds: [0, 3, 4, 9, 12, 13, 20, 31, 39] },
  'M-RoPE': { ...SMALL, mropeSection: [1, 1, 2] },
};

const sessions: Session[] = [];
afterAll(() => Promise.all(sessions.map((session) => session.dispose())));
const networks = new Map<BlockDraftConfig, Promise<BlockDraftNetwork>>();
function networkOf(config: BlockDraftConfig): Promise<BlockDraftNetwork> {
  const known = networks.get(config);
  if (known !== undefined) return known;
  const opening = (async () => {
    const graph = buildBlockDraft(config, randomBlockDraft(config), TARGET);
    const session = await createSession(graph, { device: 'cpu', threads: 1 });
    sessions.push(session);
    return createBlockDraftNetwork(session, config);
  })();
  networks.set(config, opening);
  return opening;
}

/** Rows of random features, every fifth of them visual; positions of a picture where rows are visual. */
function textOf(length: number, seed: number): Required<Omit<BlockLane, 'text' | 'guess'>> {
  const slots = [...consecutive(length)].filter((row) => row % 5 === 3);
  const line = consecutive(length);
  const width = (data: Float32Array) => ({ data, count: data.length / H, width: H });
  return {
    features: width(numbers(seed, length * H)),
    visual: {
      embeddings: width(numbers(seed + 1, slots.length * H)),
      slots: Int32Array.from(slots),
    },
    positions: {
      time: line.map((row) => row - (row % 3)),
      height: line.map((row) => row - (row % 2)),
      width: line,
    },
  };
}

function referenceOf(
  { features, visual, positions }: ReturnType<typeof textOf>,
  guess: NonNullable<BlockLane['guess']>,
): ReferenceText {
  const rows = ({ data, count }: { data: Float32Array; count: number }) =>
    Array.from({ length: count }, (_, row) => [...data.subarray(row * H, (row + 1) * H)]);
  const seen = rows(visual.embeddings);
  return {
    features: rows(features),
    visual: new Map([...visual.slots].map((slot, i) => [slot, seen[i] as number[]])),
    positions: [...positions.time].map((time, row) => [
      time,
      positions.height[row] as number,
      positions.width[row] as number,
    ]),
    ...guess,
  };
}

const guess = { root: 7, position: 30 };

describe.each(Object.entries(CASES))('the block draft with %s', (_, config) => {
  it.each([1, 20, BLOCK])('says behind %i rows what its formulas say', async (length) => {
    const network = await networkOf(config);
    const text = textOf(length, length);
    const [result] = await network.run([{ text: network.cache.open(), ...text, guess }]);
    const found = result?.guess as BlockGuess;
    const wanted = referenceGuess(
      config,
      randomBlockDraft(config),
      TARGET,
      referenceOf(text, guess),
    );
    const k = candidateCount(config);
    const placeOf = (token: number) => config.headTokenIds?.indexOf(token) ?? token;
    for (const [slot, logits] of wanted.logits.entries()) {
      const bias = slot === 0 ? wanted.biasAfter(guess.root) : logits.map(() => 0);
      const expected = softmax(logits.map((logit, v) => logit + (bias[v] as number)));
      const tokens = [...found.tokens.subarray(slot * k, (slot + 1) * k)];
      for (const [i, token] of tokens.entries()) {
        const said = Math.exp(found.logProbs[slot * k + i] as number);
        expect(said, `slot ${slot}, token ${token}`).toBeCloseTo(
          expected[placeOf(token)] as number,
          4,
        );
      }
      const least = Math.exp(found.logProbs[(slot + 1) * k - 1] as number);
      const others = expected.filter((_, v) => !tokens.some((token) => placeOf(token) === v));
      expect(Math.max(0, ...others), `left out of slot ${slot}`).toBeLessThan(least + 1e-4);
      if (slot === 0) {
        expect(found.rootConfidence).toBeCloseTo(wanted.confidence(0, guess.root), 4);
        continue;
      }
      const before = [...found.tokens.subarray((slot - 1) * k, slot * k)];
      for (const [u, token] of before.entries()) {
        const sure = found.confidences[(slot - 1) * k + u] as number;
        expect(sure, `behind ${token}`).toBeCloseTo(wanted.confidence(slot, token), 4);
        const added = wanted.biasAfter(token);
        const line = [
          ...found.biases.subarray(((slot - 1) * k + u) * k, ((slot - 1) * k + u + 1) * k),
        ];
        const should = tokens.map((after) => added[placeOf(after)] as number);
        for (const [v, value] of line.entries()) expect(value).toBeCloseTo(should[v] as number, 4);
      }
    }
  });
});

/** Rows as the loop hands them over; features and embeddings of `from` to `to`. */
function draftRowsOf(text: ReturnType<typeof textOf>, from: number, to: number): DraftRows {
  const { features, visual, positions } = text;
  const rows = heldRows(new Int32Array(to - from).fill(1), {
    data: features.data.slice(from * H, to * H),
    count: to - from,
    width: H,
  });
  const within = [...visual.slots.keys()].filter((i) => {
    const slot = visual.slots[i] as number;
    return slot >= from && slot < to;
  });
  const data = Float32Array.from(
    within.flatMap((i) => [...visual.embeddings.data.subarray(i * H, (i + 1) * H)]),
  );
  const cut = (axis: Int32Array) => axis.slice(from, to);
  const own: AxisPositions = {
    time: cut(positions.time),
    height: cut(positions.height),
    width: cut(positions.width),
  };
  return {
    ...rows,
    own: {
      positions: own,
      ...(within.length > 0 && {
        visual: {
          embeddings: { data, count: within.length, width: H },
          slots: Int32Array.from(within, (i) => (visual.slots[i] as number) - from),
        },
      }),
    },
  };
}

const WIDE = { total: 400, depth: 5, topK: 32 };

describe('a block drafter', () => {
  const open = async (config = SMALL) =>
    createBlockDrafter('block', await networkOf(config), readHeld);
  const growAlone = async (text: ReturnType<typeof textOf>, root: number, config = SMALL) => {
    const state = openText(await open(config));
    await state.extend(draftRowsOf(text, 0, text.features.count));
    return state.propose(root, WIDE);
  };

  it('grows the same tree, to the bit, however a long text came, and beside others', () => {
    const guests = fc.array(
      fc.record({
        length: fc.integer({ min: 1, max: 3 * BLOCK }),
        known: fc.nat(3 * BLOCK),
        spare: fc.nat(90),
        root: fc.nat(SMALL.vocabSize - 1),
        grows: fc.boolean(),
      }),
      { minLength: 1, maxLength: 5 },
    );
    return fc.assert(
      fc.asyncProperty(guests, async (all) => {
        const drafter = await open();
        const expected: (DraftTree | null)[] = [];
        const jobs = [];
        for (const [seed, { length, known, spare, root, grows }] of all.entries()) {
          const text = textOf(length + spare, 10 * seed + length);
          const whole = cutText(text, length);
          const read = Math.min(known, length);
          const { state } = openText(drafter);
          const beyond = textOf(read + spare, 1000 + seed); // it is read and forgotten again
          await drafter.run([
            { state, rows: [draftRowsOf(whole, 0, read), draftRowsOf(beyond, read, read + spare)] },
          ]);
          state.truncate(read);
          const rows = [draftRowsOf(whole, read, length)];
          jobs.push({ state, rows, ...(grows && { grow: { root, shape: WIDE } }) });
          expected.push(grows ? await growAlone(whole, root) : null);
        }
        expect(await drafter.run(jobs)).toEqual(expected);
      }),
      { numRuns },
    );
  });

  it('reads a picture as its embeddings where it is decoupled, as its features where it is fused', async () => {
    const text = textOf(20, 5);
    const features = text.features.data.slice();
    for (const slot of text.visual.slots) features.fill(0.5, slot * H, (slot + 1) * H);
    const otherFeatures = { ...text, features: { ...text.features, data: features } };
    const embeddings = {
      ...text.visual.embeddings,
      data: numbers(99, text.visual.slots.length * H),
    };
    const otherPicture = { ...text, visual: { ...text.visual, embeddings } };
    for (const [config, same, other] of [
      [SMALL, otherFeatures, otherPicture],
      [CASES['pictures fused'] as BlockDraftConfig, otherPicture, otherFeatures],
    ] as const) {
      const tree = await growAlone(text, 3, config);
      expect(await growAlone(same, 3, config)).toEqual(tree);
      expect(await growAlone(other, 3, config)).not.toEqual(tree);
    }
  });

  it('stands where the target has its tokens, by M-RoPE, and the block behind them all', async () => {
    const config = CASES['M-RoPE'] as BlockDraftConfig;
    const text = textOf(20, 6);
    const network = await networkOf(config);
    const position = Math.max(...text.positions.width) + 1;
    const lane = { text: network.cache.open(), ...text, guess: { root: 3, position } };
    const [there] = await network.run([lane]);
    const tree = await growAlone(text, 3, config);
    const first = [...(there?.guess?.tokens ?? [])].slice(0, candidateCount(config));
    const children = [...tree.tokens].filter((_, node) => tree.parents[node] === 0);
    expect(first.slice(0, children.length)).toEqual(children);
    const moved = { ...text, positions: { ...text.positions, height: text.positions.width } };
    expect(await growAlone(moved, 3, config)).not.toEqual(tree);
  });

  it('reads nothing of any text where a number of one is not finite', async () => {
    const drafter = await open();
    const [good, bad] = [openText(drafter), openText(drafter)];
    const text = textOf(9, 7);
    await good.extend(draftRowsOf(text, 0, 4));
    const data = text.features.data.slice();
    data[2 * H] = Number.NaN;
    const broken = { ...text, features: { ...text.features, data } };
    const run = drafter.run([
      { state: good.state, rows: [draftRowsOf(text, 4, 9)], grow: { root: 1, shape: WIDE } },
      { state: bad.state, rows: [draftRowsOf(broken, 0, 9)] },
    ]);
    await expect(run).rejects.toBeInstanceOf(NonFiniteFeatureError);
    expect([good.length, bad.length]).toEqual([4, 0]);
    await good.extend(draftRowsOf(text, 4, 9));
    expect(await good.propose(1, WIDE)).toEqual(await growAlone(text, 1));
  });

  it('is called once for a tree of any depth', async () => {
    let calls = 0;
    const network = await networkOf(SMALL);
    const counted = {
      ...network,
      run: (lanes: readonly BlockLane[]) => {
        calls++;
        return network.run(lanes);
      },
    };
    const drafter = createBlockDrafter('block', counted, readHeld);
    const { state } = openText(drafter);
    const rows = [draftRowsOf(textOf(30, 8), 0, 30)];
    const [tree] = await drafter.run([{ state, rows, grow: { root: 2, shape: WIDE } }]);
    expect(Math.max(...(tree?.depths ?? []))).toBe(SMALL.slots);
    expect(calls).toBe(1);
  });
});

/** The first rows of a text. */
function cutText(text: ReturnType<typeof textOf>, count: number): ReturnType<typeof textOf> {
  const { features, visual, positions } = text;
  const slots = visual.slots.filter((slot) => slot < count);
  return {
    features: { ...features, data: features.data.slice(0, count * H), count },
    visual: {
      slots,
      embeddings: {
        data: visual.embeddings.data.slice(0, slots.length * H),
        count: slots.length,
        width: H,
      },
    },
    positions: {
      time: positions.time.slice(0, count),
      height: positions.height.slice(0, count),
      width: positions.width.slice(0, count),
    },
  };
}
