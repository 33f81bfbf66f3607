import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TensorRef } from '../contracts/checkpoint.ts';
import { readFloats } from '../formats/read-tensor.ts';
import { largestDifference } from '../input/node/testing/read-goldens.ts';
import type { Fusion } from './msd-graph.ts';
import { createNetworkDrafter } from './network-drafter.ts';
import { openText } from './testing/draft-text.ts';
import { readHeld } from './testing/held-rows.ts';
import { type Layout, layoutOf, layoutRows, randomFloats } from './testing/layouts.ts';
import { openTinyDraft, type TinyDraft } from './testing/open-tiny-draft.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 20);
const WIDTH = 160;

/** Words (w) and pictures (P) in any order; pictures first, last and side by side among them. */
const plans = fc.string({ unit: fc.constantFrom('w', 'w', 'P'), minLength: 1, maxLength: 8 });
const layouts = fc
  .record({ plan: plans, seed: fc.nat(1e6) })
  .map(({ plan, seed }) => layoutOf(plan, WIDTH, seed));

interface Weights {
  readonly table: Float32Array;
  readonly matrix: Float32Array; // [H, 2H]
  readonly bias: Float32Array;
}

async function weightsOf({ tensors }: TinyDraft): Promise<Weights> {
  const read = (name: string) => readFloats(tensors.get(name) as TensorRef);
  const [table, matrix, bias] = await Promise.all(
    ['embed_tokens.weight', 'fc.weight', 'fc.bias'].map(read),
  );
  return { table, matrix, bias } as Weights;
}

/** fc([word; feature]) in float64. */
function fused(word: Float32Array, feature: Float32Array, { matrix, bias }: Weights): number[] {
  const input = [...word, ...feature];
  return Array.from(bias, (start, row) =>
    input.reduce(
      (sum, value, i) => sum + value * (matrix[row * input.length + i] as number),
      start,
    ),
  );
}

const row = (data: Float32Array, index: number) => data.slice(index * WIDTH, (index + 1) * WIDTH);

/** Rows whose next token is visual. */
const visualRowsOf = ({ visualAt }: Layout): number[] =>
  [...visualAt.keys()].filter((p) => (visualAt[p + 1] ?? -1) >= 0);

/** The layout with other features at some rows. */
function withFeatures(layout: Layout, rows: readonly number[]): Layout {
  const features = layout.features.slice();
  for (const p of rows) features.set(randomFloats(WIDTH, 999 + p), p * WIDTH);
  return { ...layout, features };
}

/** What the layer reads of a prompt, and the keys it makes of it. */
async function readWhole(draft: TinyDraft, layout: Layout) {
  await openText(createNetworkDrafter('msd', draft.network, readHeld)).extend(layoutRows(layout));
  return { layerInput: draft.layerInput(), keys: draft.keys() };
}

function openBoth(): Readonly<Record<Fusion, () => TinyDraft>> {
  const open: Partial<Record<Fusion, TinyDraft>> = {};
  beforeAll(async () => {
    open.decoupled = await openTinyDraft('decoupled');
    open.fused = await openTinyDraft('fused');
  });
  afterAll(async () => {
    await open.decoupled?.dispose();
    await open.fused?.dispose();
  });
  return {
    decoupled: () => open.decoupled as TinyDraft,
    fused: () => open.fused as TinyDraft,
  };
}

describe('the layer input of the draft', () => {
  const drafts = openBoth();

  it.each([
    ['a text', 'www'],
    ['a picture between words', 'wwPw'],
    ['a picture as the very first token', 'Pww'],
    ['a picture at the end', 'wwP'],
    ['a picture alone', 'P'],
    ['adjacent pictures', 'wPPw'],
    ['pictures apart', 'wPwPw'],
  ])('%s: a picture as it is one row early, words through fc with the feature', async (_, plan) => {
    const draft = drafts.decoupled();
    const weights = await weightsOf(draft);
    const layout = layoutOf(plan, WIDTH, 4);
    const { layerInput } = await readWhole(draft, layout);
    for (const p of layout.ids.keys()) {
      const j = layout.visualAt[p + 1] ?? -1;
      if (j >= 0) {
        expect(row(layerInput, p)).toEqual(row(layout.embeddings, j));
      } else {
        const word = row(weights.table, layout.ids[p + 1] ?? layout.root);
        const expected = fused(word, row(layout.features, p), weights);
        expect(largestDifference(row(layerInput, p), expected)).toBeLessThan(1e-4);
      }
    }
  });

  it('holds v_j of a picture that starts at s in row s - 1 + j', async () => {
    const layout = layoutOf('wwwPw', WIDTH, 5); // s = 3
    const { layerInput } = await readWhole(drafts.decoupled(), layout);
    for (const j of [0, 1, 2]) {
      expect(row(layerInput, 3 - 1 + j)).toEqual(row(layout.embeddings, j));
    }
  });

  it('fused: a picture goes through fc with the feature, like a word', async () => {
    const draft = drafts.fused();
    const weights = await weightsOf(draft);
    const layout = layoutOf('wwPw', WIDTH, 6);
    const { layerInput } = await readWhole(draft, layout);
    for (const p of visualRowsOf(layout)) {
      const seen = row(layout.embeddings, layout.visualAt[p + 1] as number);
      const expected = fused(seen, row(layout.features, p), weights);
      expect(largestDifference(row(layerInput, p), expected)).toBeLessThan(1e-4);
    }
  });

  it('decoupled: no feature at a visual row matters to the input or the keys', async () => {
    await fc.assert(
      fc.asyncProperty(layouts, async (layout) => {
        const before = await readWhole(drafts.decoupled(), layout);
        const changed = withFeatures(layout, visualRowsOf(layout));
        expect(await readWhole(drafts.decoupled(), changed)).toEqual(before);
      }),
      { numRuns },
    );
  });

  it("decoupled: the feature of a picture's last slot matters, with the word behind it", async () => {
    const layout = layoutOf('wwPw', WIDTH, 7); // slots 2 to 4
    const before = await readWhole(drafts.decoupled(), layout);
    const after = await readWhole(drafts.decoupled(), withFeatures(layout, [4]));
    for (const p of [0, 1, 2, 3, 5]) {
      expect(row(after.layerInput, p)).toEqual(row(before.layerInput, p));
    }
    expect(row(after.layerInput, 4)).not.toEqual(row(before.layerInput, 4));
  });

  it('fused: the feature at every visual row matters', async () => {
    const layout = layoutOf('wwPw', WIDTH, 8);
    const before = await readWhole(drafts.fused(), layout);
    for (const p of visualRowsOf(layout)) {
      const after = await readWhole(drafts.fused(), withFeatures(layout, [p]));
      expect(row(after.layerInput, p)).not.toEqual(row(before.layerInput, p));
    }
  });

  it('an opening picture loses its first embedding, which no row is early enough for', async () => {
    const layout = layoutOf('Pww', WIDTH, 9);
    const before = await readWhole(drafts.decoupled(), layout);
    const embeddings = layout.embeddings.slice();
    embeddings.set(randomFloats(WIDTH, 10), 0);
    expect(await readWhole(drafts.decoupled(), { ...layout, embeddings })).toEqual(before);
  });

  it('fused and decoupled read a text alike', async () => {
    const layout = layoutOf('wwwww', WIDTH, 11);
    const decoupled = await readWhole(drafts.decoupled(), layout);
    expect(await readWhole(drafts.fused(), layout)).toEqual(decoupled);
  });
});
