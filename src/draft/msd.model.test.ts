import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { copyOf, setFields, TINY_DRAFT } from '../checkpoint/testing/folders.ts';
import type { DraftRows, DraftState } from '../contracts/drafter.ts';
import { NonFiniteFeatureError, OptionError } from '../contracts/errors.ts';
import { readFloats } from '../formats/read-tensor.ts';
import { largestDifference } from '../input/node/testing/read-goldens.ts';
import { encodeSafetensors, type StoredTensor } from '../safetensors/testing/write-safetensors.ts';
import { createMsdDrafter } from './msd.ts';
import { type Layout, layoutOf, layoutRows, randomFloats, randomWords } from './testing/layouts.ts';
import { openTinyDraft, type TinyDraft } from './testing/open-tiny-draft.ts';
import { createProbe, type Probe } from './testing/probe.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 20);
const WIDTH = 160;
const PAPER = { total: 59, depth: 5, topK: 10 };
const SAME = 1e-4;

/** A prompt, and where it is cut; some are longer than a cache's first allocation. */
const cutLayouts = fc
  .record({
    plan: fc.string({ unit: fc.constantFrom('w', 'w', 'P'), minLength: 2, maxLength: 8 }),
    tail: fc.oneof(fc.nat(9), fc.constantFrom(120, 140)),
    seed: fc.nat(1e6),
    cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
  })
  .map(({ plan, tail, seed, cuts }) => {
    const layout = layoutOf(plan + 'w'.repeat(tail), WIDTH, seed);
    const n = layout.ids.length;
    const places = cuts.map((cut) => Math.floor(cut * n)).sort((a, b) => a - b);
    return { layout, bounds: [0, ...places, n] };
  });

async function extendPiecewise(state: DraftState, layout: Layout, bounds: readonly number[]) {
  for (let i = 1; i < bounds.length; i++) {
    await state.extend(layoutRows(layout, bounds[i - 1], bounds[i]));
  }
}

describe.each(['msd', 'eagle'] as const)('the trained draft as %s', (name) => {
  let draft: TinyDraft;
  let probe: Probe;
  beforeAll(async () => {
    draft = await openTinyDraft(name === 'msd' ? 'decoupled' : 'fused');
    probe = createProbe(name, draft.network);
  });
  afterAll(() => draft.dispose());

  it('says the same however its rows were cut', () =>
    fc.assert(
      fc.asyncProperty(cutLayouts, async ({ layout, bounds }) => {
        const [whole, pieces] = [probe.drafter.open(), probe.drafter.open()];
        await whole.extend(layoutRows(layout));
        await extendPiecewise(pieces, layout, bounds);
        expect(pieces.length).toBe(whole.length);
        const difference = largestDifference(await probe.read(whole), await probe.read(pieces));
        expect(difference).toBeLessThan(SAME);
      }),
      { numRuns },
    ));

  it('goes on after a truncation as if the cut rows had never been', () =>
    fc.assert(
      fc.asyncProperty(cutLayouts, cutLayouts, async ({ layout, bounds }, other) => {
        const kept = bounds[1] as number;
        const [fresh, cut] = [probe.drafter.open(), probe.drafter.open()];
        await fresh.extend(layoutRows(layout));
        await cut.extend(layoutRows(layout, 0, kept));
        await cut.extend(layoutRows(other.layout));
        await probe.read(cut);
        cut.truncate(kept);
        await cut.extend(layoutRows(layout, kept));
        const difference = largestDifference(await probe.read(fresh), await probe.read(cut));
        expect(difference).toBeLessThan(SAME);
      }),
      { numRuns },
    ));

  it('draws the same tree from a prompt read whole and token by token', async () => {
    const layout = layoutOf('wwPwwPPwww', WIDTH, 21);
    const n = layout.ids.length;
    const drafter = createMsdDrafter(name, draft.network);
    const [whole, pieces] = [drafter.open(), drafter.open()];
    await whole.extend(layoutRows(layout));
    await extendPiecewise(pieces, layout, [...Array(n + 1).keys()]);
    const tree = await whole.propose(layout.root, PAPER);
    expect(await pieces.propose(layout.root, PAPER)).toEqual(tree);
    expect(tree.tokens.length).toBe(59);
  });

  it('proposes the root alone until rows follow a truncation', async () => {
    const layout = layoutOf('wwww', WIDTH, 23);
    const state = createMsdDrafter(name, draft.network).open();
    await state.extend(layoutRows(layout));
    state.truncate(2);
    expect([...(await state.propose(5, PAPER)).tokens]).toEqual([5]);
    await state.extend(layoutRows(layout, 2));
    expect((await state.propose(layout.root, PAPER)).tokens.length).toBe(59);
  });

  it('refuses more candidates per node than it keeps', async () => {
    const state = createMsdDrafter(name, draft.network).open();
    await state.extend(layoutRows(layoutOf('www', WIDTH, 1)));
    const wide = state.propose(5, { total: 200, depth: 1, topK: 65 });
    await expect(wide).rejects.toThrow(OptionError);
    const widest = await state.propose(5, { total: 65, depth: 0, topK: 64 });
    expect([...widest.parents].slice(1)).toEqual(Array(64).fill(0));
  });

  it('keeps numbers that are not finite out of its cache', async () => {
    const layout = layoutOf('wwww', WIDTH, 22);
    const [fresh, state] = [probe.drafter.open(), probe.drafter.open()];
    await fresh.extend(layoutRows(layout));
    await state.extend(layoutRows(layout, 0, 2));
    const { next, features } = layoutRows(layout, 2);
    const broken = { next, features: { ...features, data: features.data.with(0, NaN) } };
    await expect(state.extend(broken)).rejects.toThrow(NonFiniteFeatureError);
    expect(state.length).toBe(2);
    await state.extend({ next, features });
    const difference = largestDifference(await probe.read(fresh), await probe.read(state));
    expect(difference).toBeLessThan(SAME);
  });
});

/** The tiny draft with a table of its first `rows` words only. */
async function withShortTable(rows: number): Promise<TinyDraft> {
  const full = await openTinyDraft('decoupled');
  const folder = copyOf(TINY_DRAFT);
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, ref] of full.tensors) {
    const data = await readFloats(ref);
    const cut = name === 'embed_tokens.weight';
    tensors[name] = cut
      ? { dtype: 'F32', shape: [rows, WIDTH], data: data.slice(0, rows * WIDTH) }
      : { dtype: 'F32', shape: ref.shape, data };
  }
  await full.dispose();
  writeFileSync(join(folder, 'model.safetensors'), encodeSafetensors(tensors));
  setFields(join(folder, 'config.json'), { vocab_size: rows });
  const draft = await openTinyDraft('decoupled', folder);
  onTestFinished(() => draft.dispose());
  return draft;
}

describe("a draft whose table is shorter than the target's", () => {
  const KNOWN = 900;
  const rowsOf = (seed: number, next: Int32Array = randomWords(6, seed)): DraftRows => ({
    next,
    features: { data: randomFloats(next.length * WIDTH, seed), count: next.length, width: WIDTH },
  });

  it('never proposes a word that it lacks, where the whole draft would', async () => {
    const whole = await openTinyDraft('decoupled');
    onTestFinished(() => whole.dispose());
    const short = await withShortTable(KNOWN);
    let lacking = 0;
    for (let seed = 0; seed < 20; seed++) {
      const known = randomWords(6, seed).map((word) => word % KNOWN);
      const trees = [];
      for (const { network } of [whole, short]) {
        const state = createMsdDrafter('msd', network).open();
        await state.extend(rowsOf(seed, known));
        trees.push(await state.propose(known[5] as number, PAPER));
      }
      const beyond = trees.map(({ tokens }) => tokens.filter((word) => word >= KNOWN).length);
      lacking += beyond[0] as number;
      expect(beyond[1]).toBe(0);
    }
    expect(lacking).toBeGreaterThan(0);
  });

  it('proposes the root alone below a root that it lacks', async () => {
    const { network } = await withShortTable(KNOWN);
    const state = createMsdDrafter('msd', network).open();
    await state.extend(rowsOf(1, Int32Array.of(5, 6, KNOWN)));
    expect([...(await state.propose(KNOWN, PAPER)).tokens]).toEqual([KNOWN]);
    await state.extend(rowsOf(2, Int32Array.of(7)));
    expect((await state.propose(7, PAPER)).tokens.length).toBe(59);
  });

  it('reads words that it lacks as its first word', async () => {
    const { network } = await withShortTable(KNOWN);
    const probe = createProbe('msd', network);
    const [a, b] = [probe.drafter.open(), probe.drafter.open()];
    await a.extend(rowsOf(3, Int32Array.of(5, KNOWN, 1023, 6)));
    await b.extend(rowsOf(3, Int32Array.of(5, 0, 0, 6)));
    expect(await probe.read(a)).toEqual(await probe.read(b));
  });
});
