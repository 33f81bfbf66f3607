import type { DraftConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { floatTensor, type Tensor } from '../../contracts/session.ts';
import type { Fusion } from '../../draft/msd-graph.ts';
import { describeGradients } from '../../graph/testing/describe-gradients.ts';
import { fedRefs, stream } from '../../graph/testing/random-network.ts';
import { SIZES } from '../../model/testing/random-llama.ts';
import { createBatchFeeds } from '../network/batch-feeds.ts';
import { type DraftExample, draftFeeds } from './draft-feeds.ts';
import { buildDraftLoss } from './draft-loss.ts';

const CONFIG: DraftConfig = { family: 'llava', ...SIZES, kvHeads: 2, fcBias: true };
const ROWS = 6;

const { hiddenSize: H, intermediateSize: M, vocabSize: V, heads, headDim } = SIZES;
const tensors = fedRefs([
  ['embed_tokens.weight', [V, H]],
  ['fc.weight', [H, 2 * H]],
  ['fc.bias', [H]],
  ['layers.0.self_attn.q_proj.weight', [heads * headDim, H]],
  ['layers.0.self_attn.k_proj.weight', [CONFIG.kvHeads * headDim, H]],
  ['layers.0.self_attn.v_proj.weight', [CONFIG.kvHeads * headDim, H]],
  ['layers.0.self_attn.o_proj.weight', [H, heads * headDim]],
  ['layers.0.post_attention_layernorm.weight', [H]],
  ['layers.0.mlp.gate_proj.weight', [M, H]],
  ['layers.0.mlp.up_proj.weight', [M, H]],
  ['layers.0.mlp.down_proj.weight', [H, M]],
  ['head', [V, H]],
]);

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

/** Two dialogues, one shorter and with two visual tokens. */
function feeds(depths: number, seed: number): Record<string, Tensor> {
  const random = stream(seed);
  const floats = (count: number) => Float32Array.from({ length: count }, () => 3 * random() - 1.5);
  const example = (rows: number): DraftExample => ({
    ids: Int32Array.from({ length: rows + 1 }, () => Math.floor(random() * V)),
    reply: Uint8Array.from({ length: rows + 1 }, (_, p) => Number(p >= 2)),
    features: { data: floats((rows + 1) * H), count: rows + 1, width: H },
    read: floats((rows + 1) * H),
  });
  const visual = {
    embeddings: { data: floats(2 * H), count: 2, width: H },
    slots: Int32Array.of(1, 2),
  };
  const examples = [example(ROWS), { ...example(ROWS - 1), visual }];
  const group = { members: [0, 1], length: ROWS };
  const judged = draftFeeds(examples, group, { hiddenSize: H, depths });
  const shares = Array.from({ length: depths }, (_, i): [string, Tensor] => {
    const count = (judged[`heads_${i + 1}`] as Tensor).data.length;
    return [`share_${i + 1}`, floatTensor(Float32Array.of(1 / count), [1])];
  });
  return {
    ...judged,
    ...createBatchFeeds(CONFIG)(examples.length, ROWS),
    ...Object.fromEntries(shares),
  };
}

for (const [seed, { title, fusion, depths, headTokenIds }] of CASES.entries()) {
  const config = headTokenIds ? { ...CONFIG, headTokenIds } : CONFIG;
  const objective = { fusion, depths, depthDecay: 0.8, featureWeight: 1, tokenWeight: 0.1 };
  const head = tensors.get('head') as TensorRef;
  const { graph, loss } = buildDraftLoss(config, tensors, head, objective);
  describeGradients(title, { graph, loss, feeds: feeds(depths, seed) }, seed);
}
