import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { copyOf, setFields, TINY_DRAFT } from '../checkpoint/testing/folders.ts';
import type { DraftJob, DraftRows, TreeShape } from '../contracts/drafter.ts';
import { NonFiniteFeatureError, OptionError } from '../contracts/errors.ts';
import { readFloats } from '../formats/read-tensor.ts';
import { encodeSafetensors, type StoredTensor } from '../safetensors/testing/write-safetensors.ts';
import type { DraftNetwork } from './msd-network.ts';
import { createNetworkDrafter } from './network-drafter.ts';
import { type DraftText, openText } from './testing/draft-text.ts';
import { heldRows, readHeld } from './testing/held-rows.ts';
import { type Layout, layoutOf, layoutRows, randomFloats, randomWords } from './testing/layouts.ts';
import { openTinyDraft, type TinyDraft } from './testing/open-tiny-draft.ts';
import { createProbe, type Probe } from './testing/probe.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 20);
const WIDTH = 160;
const PAPER = { total: 59, depth: 5, topK: 10 };

/** A prompt, and where it is cut; some cross the borders of a cache's blocks. */
const cutLayouts = fc.record({
  plan: fc.string({ unit: fc.constantFrom('w', 'w', 'P'), minLength: 2, maxLength: 8 }),
  tail: fc.oneof(fc.nat(9), fc.constantFrom(60, 120, 140)),
  seed: fc.nat(1e6),
  cuts: fc.array(fc.nat(99), { maxLength: 5 }), // in per cent
});

function cutLayout({
  plan,
  tail,
  seed,
  cuts,
}: typeof cutLayouts extends fc.Arbitrary<infer T> ? T : never) {
  const layout = layoutOf(plan + 'w'.repeat(tail), WIDTH, seed);
  const n = layout.ids.length;
  const places = cuts.map((cut) => Math.floor((cut / 100) * n)).sort((a, b) => a - b);
  return { layout, bounds: [0, ...places, n] };
}

async function extendPiecewise(text: DraftText, layout: Layout, bounds: readonly number[]) {
  for (let i = 1; i < bounds.length; i++) {
    await text.extend(layoutRows(layout, bounds[i - 1], bounds[i]));
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
      fc.asyncProperty(cutLayouts, async (drawn) => {
        const { layout, bounds } = cutLayout(drawn);
        const [whole, pieces] = [probe.open(), probe.open()];
        await whole.extend(layoutRows(layout));
        await extendPiecewise(pieces, layout, bounds);
        expect(pieces.length).toBe(whole.length);
        expect(await probe.read(pieces)).toEqual(await probe.read(whole));
      }),
      { numRuns },
    ));

  it('goes on after a truncation as if the cut rows had never been', () =>
    fc.assert(
      fc.asyncProperty(cutLayouts, cutLayouts, async (drawn, otherDrawn) => {
        const [{ layout, bounds }, other] = [cutLayout(drawn), cutLayout(otherDrawn)];
        const kept = bounds.at(-2) as number;
        const [fresh, cut] = [probe.open(), probe.open()];
        await fresh.extend(layoutRows(layout));
        await cut.extend(layoutRows(layout, 0, kept));
        await cut.extend(layoutRows(other.layout));
        await probe.read(cut);
        cut.truncate(kept);
        await cut.extend(layoutRows(layout, kept));
        expect(await probe.read(cut)).toEqual(await probe.read(fresh));
      }),
      { numRuns },
    ));

  it('says the same in company, bit for bit', () => {
    const shapes = fc.oneof(
      fc.record({
        total: fc.integer({ min: 2, max: 59 }),
        depth: fc.nat(5),
        topK: fc.integer({ min: 1, max: 10 }),
      }),
      fc.constantFrom({ total: 59, depth: 5, topK: 10 }, { total: 900, depth: 5, topK: 64 }),
    );
    const guests = fc.array(fc.record({ drawn: cutLayouts, shape: shapes }), {
      minLength: 2,
      maxLength: 4,
    });
    return fc.assert(
      fc.asyncProperty(guests, async (all) => {
        const jobs = [];
        const alone = [];
        for (const { drawn, shape } of all) {
          const { layout, bounds } = cutLayout(drawn);
          const known = bounds[1] as number;
          const [text, own] = [probe.open(), probe.open()];
          await text.extend(layoutRows(layout, 0, known));
          await own.extend(layoutRows(layout));
          alone.push(await probe.read(own, shape));
          jobs.push({ text, rows: [layoutRows(layout, known)], shape });
        }
        expect(await probe.readAll(jobs)).toEqual(alone);
      }),
      { numRuns: Math.ceil(numRuns / 2) },
    );
  });

  it('reads and grows for many texts in as many passes as for the one that needs most', async () => {
    let passes: number[] = []; // lanes of each
    const network: DraftNetwork = {
      ...draft.network,
      run: (lanes, topK) => {
        passes.push(lanes.length);
        return draft.network.run(lanes, topK);
      },
    };
    const drafter = createNetworkDrafter(name, network, readHeld);
    const job = (seed: number, shape: TreeShape): DraftJob => {
      const layout = layoutOf('wwPw', WIDTH, seed);
      return {
        state: drafter.open(),
        rows: [layoutRows(layout)],
        grow: { root: layout.root, shape },
      };
    };
    const chain = { total: 5, depth: 3, topK: 1 };
    await drafter.run([job(1, chain)]);
    expect(passes).toEqual([1, 1, 1, 1]);
    passes = [];
    await drafter.run([job(2, chain), job(3, chain), job(4, { ...chain, total: 1, depth: 0 })]);
    expect(passes).toEqual([3, 2, 2, 2]);
  });

  it('reads nothing for anybody in a run that fails, so that each can be asked again alone', async () => {
    const layouts = [91, 92, 93].map((seed) => layoutOf('w'.repeat(140), WIDTH, seed));
    const broken = layouts.map((layout, at) => {
      const features = at === 1 ? layout.features.with(100 * WIDTH, Number.NaN) : layout.features;
      return { ...layout, features };
    });
    const jobs = [];
    for (const layout of broken) {
      const text = probe.open();
      await text.extend(layoutRows(layout, 0, 10));
      jobs.push({ text, rows: [layoutRows(layout, 10)] }); // up to the block's border, and on from there
    }
    await expect(probe.readAll(jobs)).rejects.toThrow(NonFiniteFeatureError);
    expect(jobs.map(({ text }) => text.length)).toEqual([10, 10, 10]);
    for (const at of [0, 2]) {
      const fresh = probe.open();
      await fresh.extend(layoutRows(layouts[at] as Layout));
      const again = await probe.readAll([jobs[at] as (typeof jobs)[number]]);
      expect(again).toEqual([await probe.read(fresh)]);
    }
  });

  it('draws the same tree from a prompt read whole and token by token', async () => {
    const layout = layoutOf('wwPwwPPwww', WIDTH, 21);
    const n = layout.ids.length;
    const drafter = createNetworkDrafter(name, draft.network, readHeld);
    const [whole, pieces] = [openText(drafter), openText(drafter)];
    await whole.extend(layoutRows(layout));
    await extendPiecewise(pieces, layout, [...Array(n + 1).keys()]);
    const tree = await whole.propose(layout.root, PAPER);
    expect(await pieces.propose(layout.root, PAPER)).toEqual(tree);
    expect(tree.tokens.length).toBe(59);
  });

  it('proposes the root alone until rows follow a truncation', async () => {
    const layout = layoutOf('wwww', WIDTH, 23);
    const text = openText(createNetworkDrafter(name, draft.network, readHeld));
    await text.extend(layoutRows(layout));
    text.truncate(2);
    expect([...(await text.propose(5, PAPER)).tokens]).toEqual([5]);
    await text.extend(layoutRows(layout, 2));
    expect((await text.propose(layout.root, PAPER)).tokens.length).toBe(59);
  });

  it('refuses more candidates per node than it keeps', async () => {
    const text = openText(createNetworkDrafter(name, draft.network, readHeld));
    await text.extend(layoutRows(layoutOf('www', WIDTH, 1)));
    const wide = text.propose(5, { total: 200, depth: 1, topK: 65 });
    await expect(wide).rejects.toThrow(OptionError);
    const widest = await text.propose(5, { total: 65, depth: 0, topK: 64 });
    expect([...widest.parents].slice(1)).toEqual(Array(64).fill(0));
  });

  it('keeps numbers that are not finite out of its cache', async () => {
    const layout = layoutOf('wwww', WIDTH, 22);
    const [fresh, text] = [probe.open(), probe.open()];
    await fresh.extend(layoutRows(layout));
    await text.extend(layoutRows(layout, 0, 2));
    const features = layout.features.with(2 * WIDTH, NaN);
    const broken = layoutRows({ ...layout, features }, 2);
    await expect(text.extend(broken)).rejects.toThrow(NonFiniteFeatureError);
    expect(text.length).toBe(2);
    await text.extend(layoutRows(layout, 2));
    expect(await probe.read(text)).toEqual(await probe.read(fresh));
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
  const rowsOf = (seed: number, next: Int32Array = randomWords(6, seed)): DraftRows =>
    heldRows(next, {
      data: randomFloats(next.length * WIDTH, seed),
      count: next.length,
      width: WIDTH,
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
        const text = openText(createNetworkDrafter('msd', network, readHeld));
        await text.extend(rowsOf(seed, known));
        trees.push(await text.propose(known[5] as number, PAPER));
      }
      const beyond = trees.map(({ tokens }) => tokens.filter((word) => word >= KNOWN).length);
      lacking += beyond[0] as number;
      expect(beyond[1]).toBe(0);
    }
    expect(lacking).toBeGreaterThan(0);
  });

  it('proposes the root alone below a root that it lacks', async () => {
    const { network } = await withShortTable(KNOWN);
    const text = openText(createNetworkDrafter('msd', network, readHeld));
    await text.extend(rowsOf(1, Int32Array.of(5, 6, KNOWN)));
    expect([...(await text.propose(KNOWN, PAPER)).tokens]).toEqual([KNOWN]);
    await text.extend(rowsOf(2, Int32Array.of(7)));
    expect((await text.propose(7, PAPER)).tokens.length).toBe(59);
  });

  it('reads words that it lacks as its first word', async () => {
    const { network } = await withShortTable(KNOWN);
    const probe = createProbe('msd', network);
    const [a, b] = [probe.open(), probe.open()];
    await a.extend(rowsOf(3, Int32Array.of(5, KNOWN, 1023, 6)));
    await b.extend(rowsOf(3, Int32Array.of(5, 0, 0, 6)));
    expect(await probe.read(a)).toEqual(await probe.read(b));
  });
});
