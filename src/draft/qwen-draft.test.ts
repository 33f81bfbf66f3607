import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { DraftRows } from '../contracts/drafter.ts';
import { floatsOf, intsOf } from '../contracts/session.ts';
import {
  floats,
  golden,
  largestDifference,
  readGoldens,
  readJson,
  repositoryPath,
} from '../input/node/testing/read-goldens.ts';
import { createNetworkDrafter } from './network-drafter.ts';
import { type DraftText, openText } from './testing/draft-text.ts';
import { heldRows, readHeld } from './testing/held-rows.ts';
import { layoutRows } from './testing/layouts.ts';
import { openWatchedDraft, type WatchedDraft } from './testing/open-watched-draft.ts';

const TARGET = 'fixtures/families/qwen2-vl';
const DRAFT = `${TARGET}/draft`;
const SHAPE = { total: 24, depth: 4, topK: 4 };
const NEAR = 1e-4;

const roundFile = z.object({
  root: z.int(),
  draft_tokens: z.array(z.int()),
  retrieve_indices: z.array(z.array(z.int())),
  tree_position_ids: z.array(z.int()),
});
const draftFile = z.object({
  root: z.int(),
  round1: roundFile.omit({ root: true }),
  round2: roundFile.extend({ accepted: z.array(z.int()) }),
  text: roundFile,
});
const targetFile = z.object({
  image_token_id: z.int(),
  cases: z.array(z.object({ name: z.string(), input_ids: z.array(z.int()) })),
});

const recorded = draftFile.parse(readJson(`${DRAFT}/draft_goldens.json`));
const rounds = { ...recorded, round1: { ...recorded.round1, root: recorded.root } };
const prompts = targetFile.parse(readJson(`${TARGET}/cases.json`));
const numbers = readGoldens(`${DRAFT}/draft_goldens.safetensors`);
const targetNumbers = readGoldens(`${TARGET}/goldens.safetensors`);

type Round = 'round1' | 'round2' | 'text';

/** A prompt with the target's features and embeddings, as the draft reads it. */
function promptRows(name: string, root: number): DraftRows {
  const ids = Int32Array.from(prompts.cases.find((one) => one.name === name)?.input_ids ?? []);
  const seen = targetNumbers.get(`${name}.image_features`);
  let visual = 0;
  const visualAt = ids.map((id) => {
    if (id !== prompts.image_token_id) return -1;
    visual += 1;
    return visual - 1;
  });
  const embeddings = seen === undefined ? new Float32Array(0) : floats(seen);
  const features = floats(golden(targetNumbers, `${name}.hidden`));
  return layoutRows({ ids, visualAt, embeddings, features, root });
}

/** Three tokens that the target accepted after round 1, and the root behind them. */
function acceptedRows(): DraftRows {
  const { accepted, root } = rounds.round2;
  const data = floats(golden(numbers, 'round2.target_hidden'));
  const count = accepted.length;
  const next = Int32Array.from([...accepted.slice(1), root]);
  return heldRows(next, { data, count, width: data.length / count });
}

/** What the published code calls the rows of a tree: every path from the root to a leaf, -1 behind its end. */
function pathsOf(parents: Int32Array): string[] {
  const leaves = [...parents.keys()].filter((node) => !parents.includes(node));
  return leaves.map((leaf) => {
    const path = [];
    for (let node = leaf; node >= 0; node = parents[node] as number) path.unshift(node);
    return path.join(' ');
  });
}

const logProbsOf = (logits: Float32Array) => {
  const most = Math.max(...logits);
  const sum = logits.reduce((total, value) => total + Math.exp(value - most), 0);
  return logits.map((value) => value - most - Math.log(sum));
};

describe('the official draft of Qwen2-VL', () => {
  let draft: WatchedDraft;
  beforeAll(async () => {
    const dirs = { target: repositoryPath(TARGET), draft: repositoryPath(DRAFT) };
    draft = await openWatchedDraft(dirs, 'decoupled');
  });
  afterAll(() => draft.dispose());

  const openState = () => openText(createNetworkDrafter('msd', draft.network, readHeld));

  async function stateAt(round: Round): Promise<DraftText> {
    const state = openState();
    if (round === 'text') await state.extend(promptRows('text', rounds.text.root));
    else await state.extend(promptRows('one', rounds.round1.root));
    if (round === 'round2') await state.extend(acceptedRows());
    return state;
  }

  describe.each<Round>(['round1', 'round2', 'text'])('%s', (round) => {
    it('has the same layer input, hidden states and logits', async () => {
      await stateAt(round);
      const outputs = draft.outputs();
      const wanted = (name: string) => floats(golden(numbers, `${round}.${name}`));
      const distance = (name: string) => largestDifference(floatsOf(outputs, name), wanted(name));
      expect(distance('layer_input')).toBeLessThan(NEAR);
      expect(distance('hidden')).toBeLessThan(NEAR);
      const logProbs = logProbsOf(wanted('last_logits'));
      const k = outputs.tokens?.shape[1]; // a second row pads the wanted one
      const tokens = intsOf(outputs, 'tokens').subarray(0, k);
      const said = Float32Array.from(tokens, (token) => logProbs[token] as number);
      const given = floatsOf(outputs, 'log_probs').subarray(0, k);
      expect(largestDifference(given, said)).toBeLessThan(NEAR);
    });

    it('grows the same tree', async () => {
      const { root, ...wanted } = rounds[round];
      const tree = await (await stateAt(round)).propose(root, SHAPE);
      expect([...tree.tokens]).toEqual(wanted.draft_tokens);
      expect([...tree.depths]).toEqual(wanted.tree_position_ids);
      const paths = wanted.retrieve_indices.map((row) => row.filter((node) => node >= 0).join(' '));
      expect(pathsOf(tree.parents).sort()).toEqual(paths.sort());
    });
  });
});
