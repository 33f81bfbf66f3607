import type { TensorRef } from '../../contracts/checkpoint.ts';
import type { Fusion } from '../../draft/msd-graph.ts';
import { describeGradients } from '../../graph/testing/describe-gradients.ts';
import { buildDraftLoss } from './draft-loss.ts';
import { RANDOM_DRAFT, randomDraftFeeds, randomDraftRefs } from './testing/random-draft.ts';

interface Case {
  readonly title: string;
  readonly fusion: Fusion;
  readonly depths: number;
  readonly headTokenIds?: readonly number[];
}

const CASES: readonly Case[] = [
  { title: 'the draft’s loss', fusion: 'decoupled', depths: 1 },
  { title: 'the fused draft’s loss', fusion: 'fused', depths: 1 },
  { title: 'the draft’s loss over three depths', fusion: 'decoupled', depths: 3 },
  {
    title: 'the draft’s loss with a reduced head',
    fusion: 'decoupled',
    depths: 1,
    headTokenIds: [0, 3, 4, 9, 20, 21, 48],
  },
];

for (const [seed, { title, fusion, depths, headTokenIds }] of CASES.entries()) {
  const config = headTokenIds ? { ...RANDOM_DRAFT, headTokenIds } : RANDOM_DRAFT;
  const objective = { fusion, depths, depthDecay: 0.8, featureWeight: 1, tokenWeight: 0.1 };
  const tensors = randomDraftRefs();
  const head = tensors.get('head') as TensorRef;
  const { graph, loss } = buildDraftLoss(config, tensors, head, objective);
  describeGradients(title, { graph, loss, feeds: randomDraftFeeds(depths, seed) }, seed);
}
