import type { TreeShape } from '../../../src/contracts/drafter.ts';
import { DRAFTERS } from '../../../src/draft/drafters.ts';
import type { Lab } from '../lab.ts';
import type { Line } from '../line.ts';
import { createLosslessTally } from '../lossless-tally.ts';
import { drawnPrompts, validationPrompts } from '../prompts.ts';

/** Those of the library that guess, without a draft or with the embedded pair's, which is MSD's. */
export const GUESSING = DRAFTERS.filter(
  ({ drafts, runs }) => drafts && (runs === undefined || runs.some((method) => method === 'msd')),
).map(({ name }) => name);
export const TREES: readonly (TreeShape | 'auto')[] = [
  'auto',
  { total: 59, depth: 5, topK: 10 },
  { total: 7, depth: 2, topK: 3 },
];
const MAX_TOKENS = 64;

/** Greedy texts of every drafter under every kind of tree, beside plain decoding, through the library's own path. */
export async function losslessGreedy(lab: Lab): Promise<Line[]> {
  const open = await lab.open('tiny');
  const prompts = [
    ...validationPrompts(lab.quick ? 12 : undefined),
    ...(await drawnPrompts(lab.quick ? 12 : 64)),
  ];
  const tallies = GUESSING.map((drafter) => ({ drafter, tally: createLosslessTally() }));
  for (const [index, { name, messages }] of prompts.entries()) {
    const options = { messages, maxTokens: MAX_TOKENS };
    const plain = await open.generate({ ...options, drafter: 'none' });
    for (const { drafter, tally } of tallies) {
      for (const [kind, tree] of TREES.entries()) {
        if (kind === index % TREES.length) continue; // each prompt goes without one of the trees
        const drafted = await open.generate({ ...options, drafter, tree });
        tally.compare(name, plain, drafted);
      }
    }
  }
  return tallies.map(({ drafter, tally }) => ({
    what: `greedy text with ${drafter}, ${prompts.length} prompts`,
    against: 'own plain decoding',
    ...tally.figures(),
  }));
}
