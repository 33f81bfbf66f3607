import type { BlockDraftConfig } from '../../../contracts/block-draft.ts';
import { floatTensor } from '../../../contracts/session.ts';
import { describeGradients } from '../../../graph/testing/describe-gradients.ts';
import { buildBlockLoss } from './block-loss.ts';
import { RANDOM_BLOCK, randomBlockFeeds, randomBlockRefs } from './testing/random-block.ts';

interface Case {
  readonly title: string;
  readonly config?: Partial<BlockDraftConfig>;
  /** How much tokens, the target's distribution, variation and confidence count. */
  readonly shares: readonly [number, number, number, number];
  /** Default: all but the head, which is the target's too, and there counts as given. */
  readonly only?: (name: string) => boolean;
}

const isLearned = (name: string) => name !== 'head' && name !== 'table';
const all = [0.1, 0.4, 0.5, 0] as const;
const CASES: readonly Case[] = [
  { title: 'the block draft’s loss', shares: all },
  { title: 'the fused block draft’s loss', shares: all, config: { fusion: 'fused' } },
  {
    title: 'the block draft’s loss at M-RoPE’s positions, over the whole head',
    shares: all,
    config: { mropeSection: [2, 1, 1], headTokenIds: Array.from({ length: 50 }, (_, id) => id) },
  },
  {
    // What it is to be counts as given, so that only its own weights have the loss's slope.
    title: 'the loss of confidence',
    shares: [0, 0, 0, 1],
    only: (name) => name.startsWith('confidence_head'),
  },
];

for (const [seed, { title, config: own, shares, only = isLearned }] of CASES.entries()) {
  const config = { ...RANDOM_BLOCK, ...own };
  const { graph, loss, slopes } = buildBlockLoss(config, randomBlockRefs(config));
  const names = ['of_tokens', 'of_truth', 'of_variation', 'of_confidence'];
  const feeds = {
    ...randomBlockFeeds(config, seed),
    ...Object.fromEntries(
      names.map((name, index) => [name, floatTensor(Float32Array.of(shares[index] ?? 0), [1])]),
    ),
  };
  describeGradients(title, { graph, loss, slopes, feeds, only }, seed);
}
