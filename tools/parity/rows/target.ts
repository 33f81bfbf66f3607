import type { Forward } from '../../../src/contracts/target.ts';
import { onAllAxes } from '../../../src/decode/draft-rows.ts';
import { visualRows } from '../../../src/engine/answer/visual-rows.ts';
import { largestDifference } from '../../../src/input/node/testing/read-goldens.ts';
import { consecutive } from '../../../src/model/consecutive.ts';
import {
  familyCases,
  familyTree,
  type GoldenCase,
  goldenNumbers,
  layoutCases,
  tinyCases,
} from '../golden-cases.ts';
import type { Lab } from '../lab.ts';
import { EQUAL, type Line, most } from '../line.ts';
import { plainIds } from '../plain-reader.ts';
import { preparedCase } from '../prepared-case.ts';
import { promptStep } from '../prompt-rows.ts';
import { createTally, figures, sameNumbers } from '../tally.ts';

const EAGER = 'HF eager fp32';
const BOUND = most(2e-4);

/** As Hugging Face was asked; a layout's text is compared as far as it was recorded. */
const MAX_TOKENS = { tiny: 64, layout: 64, 'llava-gqa': 24 };

const modelOf = (set: GoldenCase['set']) => (set === 'llava-gqa' ? 'llava-gqa' : 'tiny');
const allCases = () => [...tinyCases(), ...layoutCases(), ...familyCases()];

/** The tower's embeddings, the decoder's last hidden states and its logits. */
export async function activations(lab: Lab): Promise<Line[]> {
  const features = createTally();
  const hidden = createTally();
  const logits = createTally();
  for (const one of allCases()) {
    const { model } = await lab.open(modelOf(one.set));
    const numbers = goldenNumbers(one.set);
    const prompt = await preparedCase(model, one, numbers);
    const { length } = prompt.ids;
    const images = visualRows(prompt, 0, length);
    if (images !== undefined) {
      const expected = numbers(`${one.name}.image_features`);
      features.add(largestDifference(images.embeddings.data, expected), images.embeddings.count);
    }
    const sequence = model.target.open();
    const last8 = Int32Array.from({ length: 8 }, (_, i) => length - 8 + i);
    const [forward] = (await model.target.forward([
      promptStep(sequence, prompt, length, 'logits', last8),
    ])) as [Forward];
    sequence.dispose();
    const states = (await model.target.read(forward.rows)).data;
    hidden.add(largestDifference(states, numbers(`${one.name}.hidden`)), length);
    if (one.set === 'layout') continue; // no logits were recorded
    logits.add(largestDifference(forward.logits?.data ?? [], numbers(`${one.name}.logits`)), 8);
  }
  return [
    { what: 'image features', against: EAGER, bound: BOUND, unit: 'rows', ...figures(features) },
    {
      what: 'hidden states after the final norm',
      against: EAGER,
      bound: BOUND,
      unit: 'rows',
      ...figures(hidden),
    },
    { what: 'logits', against: EAGER, bound: BOUND, unit: 'rows', ...figures(logits) },
  ];
}

/** Logits of whole trees: the recorded first rounds, and an arbitrary tree with a token on two branches. */
export async function treeLogits(lab: Lab): Promise<Line[]> {
  const tally = createTally();
  const recorded = tinyCases().map((one) => {
    const [first] = one.rounds;
    if (first === undefined) throw new Error(`no round was recorded of ${one.name}`);
    return { one, tree: first, golden: `${one.name}.tree_logits` };
  });
  const tree = familyTree();
  const arbitrary = familyCases()
    .filter(({ name }) => name === tree.case)
    .map((one) => ({ one, tree, golden: 'tree.logits' }));
  for (const { one, tree, golden } of [...recorded, ...arbitrary]) {
    const { model } = await lab.open(modelOf(one.set));
    const numbers = goldenNumbers(one.set);
    const prompt = await preparedCase(model, one, numbers);
    const { length } = prompt.ids;
    const sequence = model.target.open();
    const [read] = (await model.target.forward([promptStep(sequence, prompt, length, 'best')])) as [
      Forward,
    ];
    sequence.commit(read, consecutive(length));
    const parents = Int32Array.from(tree.parents);
    const [judged] = await model.target.forward([
      {
        sequence,
        ids: Int32Array.from(tree.tokens),
        parents,
        positions: onAllAxes(depthsOf(parents).map((depth) => length + depth)),
        heads: consecutive(parents.length),
        want: 'logits',
      },
    ]);
    sequence.dispose();
    tally.add(largestDifference(judged?.logits?.data ?? [], numbers(golden)), parents.length);
  }
  return [
    {
      what: 'tree logits of round 1',
      against: 'HF, whole sequence with tree mask',
      bound: BOUND,
      unit: 'nodes',
      ...figures(tally),
    },
  ];
}

function depthsOf(parents: Int32Array): Int32Array {
  const depths = new Int32Array(parents.length);
  for (let node = 1; node < parents.length; node += 1)
    depths[node] = (depths[parents[node] as number] as number) + 1;
  return depths;
}

/** Greedy text: the dialogues as the library answers them, the layouts, which no template writes, from their ids. */
export async function greedyIds(lab: Lab): Promise<Line[]> {
  const tally = createTally();
  for (const one of allCases()) {
    const open = await lab.open(modelOf(one.set));
    const name = `${one.set}/${one.name}`;
    if (one.messages === null) {
      const prompt = await preparedCase(open.model, one, goldenNumbers(one.set));
      const ids = await plainIds(open.model.target, prompt, one.greedy.length);
      tally.equal(sameNumbers(ids, one.greedy), name);
      continue;
    }
    const { ids } = await open.generate({
      messages: one.messages,
      maxTokens: MAX_TOKENS[one.set],
      drafter: 'none',
    });
    tally.equal(sameNumbers(ids, one.greedy), name);
  }
  return [
    {
      what: 'greedy ids',
      against: 'HF generate',
      bound: EQUAL,
      unit: 'texts',
      ...figures(tally),
    },
  ];
}
