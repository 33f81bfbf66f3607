import type { DraftConfig, TensorRef } from '../../../contracts/checkpoint.ts';
import { describeGradients } from '../../../graph/testing/describe-gradients.ts';
import { buildDraftLoss, type DraftObjective } from './draft-loss.ts';
import { RANDOM_DRAFT, randomDraftFeeds, randomDraftRefs } from './testing/random-draft.ts';

interface Case extends Pick<DraftObjective, 'fusion' | 'depths' | 'placing'> {
  readonly title: string;
  readonly config?: Partial<DraftConfig>;
}

const plain = { fusion: 'decoupled', depths: 1, placing: 'published' } as const;
const CASES: readonly Case[] = [
  { ...plain, title: 'the draft’s loss' },
  { ...plain, title: 'the fused draft’s loss', fusion: 'fused' },
  { ...plain, title: 'the draft’s loss over three depths', depths: 3 },
  {
    ...plain,
    title: 'the draft’s loss with a reduced head',
    config: { headTokenIds: [0, 3, 4, 9, 20, 21, 48] },
  },
  {
    ...plain,
    title: 'the draft’s loss at M-RoPE’s positions, with norm and biases',
    depths: 2,
    placing: 'mrope',
    config: { inputNorm: true, qkvBias: true, mropeSection: [2, 1, 1] },
  },
];

for (const [seed, { title, config: own, ...one }] of CASES.entries()) {
  const config = { ...RANDOM_DRAFT, ...own };
  const objective = { ...one, depthDecay: 0.8, featureWeight: 1, tokenWeight: 0.1 };
  const tensors = randomDraftRefs(config);
  const head = tensors.get('head') as TensorRef;
  const { graph, loss } = buildDraftLoss(config, tensors, head, objective);
  describeGradients(title, { graph, loss, feeds: randomDraftFeeds(config, one, seed) }, seed);
}
