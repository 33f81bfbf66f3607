import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  floats,
  golden,
  largestDifference,
  readGoldens,
  readJson,
} from '../input/node/testing/read-goldens.ts';
import { createNetworkDrafter } from './network-drafter.ts';
import { openText } from './testing/draft-text.ts';
import { readHeld } from './testing/held-rows.ts';
import { type Layout, layoutRows } from './testing/layouts.ts';
import { officialTree } from './testing/official-tree.ts';
import { openTinyDraft, type TinyDraft } from './testing/open-tiny-draft.ts';

const PAPER = { total: 59, depth: 5, topK: 10 };
const IMAGE = 1022;

interface GoldenTree {
  readonly tokens: readonly number[];
  readonly parents: readonly number[];
}

/** A recorded prompt: ids, the greedy token after it, and the first tree below that. */
interface GoldenCase {
  readonly name: string;
  readonly ids: readonly number[];
  readonly root: number;
  readonly tree: GoldenTree;
}

const { cases } = readJson('fixtures/tiny/cases.json') as {
  cases: { name: string; input_ids: number[]; greedy_ids: number[]; rounds: GoldenTree[] }[];
};
const dialogues = cases.map(
  ({ name, input_ids: ids, greedy_ids: [root], rounds: [tree] }) =>
    ({ name, ids, root, tree }) as GoldenCase,
);
const layouts = (
  readJson('fixtures/tiny/draft_layout.json') as (Omit<GoldenCase, 'ids'> & {
    input_ids: number[];
  })[]
).map(({ input_ids: ids, ...one }): GoldenCase => ({ ...one, ids }));

type Numbers = ReturnType<typeof readGoldens>;

/** The prompt with Hugging Face's features and projected pictures. */
function layoutOf({ name, ids, root }: GoldenCase, numbers: Numbers): Layout {
  let seen = -1;
  const visualAt = Int32Array.from(ids, (id) => {
    if (id !== IMAGE) return -1;
    seen += 1;
    return seen;
  });
  return {
    ids: Int32Array.from(ids),
    visualAt,
    embeddings: seen < 0 ? new Float32Array(0) : floats(golden(numbers, `${name}.image_features`)),
    features: floats(golden(numbers, `${name}.hidden`)),
    root,
  };
}

describe("the published draft code's numbers", () => {
  let draft: TinyDraft;
  beforeAll(async () => {
    draft = await openTinyDraft('decoupled');
  });
  afterAll(() => draft.dispose());

  /** Reads the prompt and grows its first tree by the published rule for ties. */
  async function firstTree(one: GoldenCase, numbers: Numbers) {
    const state = openText(createNetworkDrafter('msd', draft.network, readHeld, officialTree));
    await state.extend(layoutRows(layoutOf(one, numbers)));
    const layerInput = draft.layerInput();
    const { tokens, parents } = await state.propose(one.root, PAPER);
    return { layerInput, tree: { tokens: [...tokens], parents: [...parents] } };
  }

  const dialogueNumbers = readGoldens('fixtures/tiny/goldens.safetensors');
  it.each(dialogues)('dialogue $name: its first tree', async (one) => {
    const { tree } = await firstTree(one, dialogueNumbers);
    expect(tree).toEqual({ tokens: one.tree.tokens, parents: one.tree.parents });
  });

  const layoutNumbers = readGoldens('fixtures/tiny/draft_layout.safetensors');
  it.each(layouts)('layout $name: its layer input and its tree', async (one) => {
    const { layerInput, tree } = await firstTree(one, layoutNumbers);
    const expected = floats(golden(layoutNumbers, `${one.name}.layer_input`));
    expect(largestDifference(layerInput, expected)).toBeLessThan(1e-4);
    expect(tree).toEqual({ tokens: one.tree.tokens, parents: one.tree.parents });
  });
});
