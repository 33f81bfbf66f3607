import { lax, nn, numpy as np } from '@jax-js/jax';
import { expect, it } from 'vitest';
import type { BlockDraftConfig } from '../../../contracts/block-draft.ts';
import { floatTensor } from '../../../contracts/session.ts';
import { pullBack } from '../../../graph/autodiff/differentiate.ts';
import type { Value } from '../../../graph/graph.ts';
import { distance } from '../../../graph/testing/gradient-errors.ts';
import { jaxFloats, numbersOf } from '../../../graph/testing/jax/arrays.ts';
import {
  compareGradients,
  type JaxWeights,
  jaxInputs,
  jaxStart,
} from '../../../graph/testing/jax/compare-gradients.ts';
import { jaxLinear, jaxRmsNorm, rotate } from '../../../graph/testing/jax/decoder-layer.ts';
import { randomNetwork, stream } from '../../../graph/testing/random-network.ts';
import type { Doubles } from '../../../graph/testing/reference/doubles.ts';
import { evaluate } from '../../../graph/testing/reference/evaluate.ts';
import { buildBlockLoss } from './block-loss.ts';
import { RANDOM_BLOCK, randomBlockFeeds, randomBlockRefs } from './testing/random-block.ts';

const SHARES = { of_tokens: 0.1, of_truth: 0.4, of_variation: 0.5, of_confidence: 0.2 };
const SEED = 3;

it.each(['decoupled', 'fused'] as const)(
  'jax-js has the same gradients of the %s block draft’s loss',
  (fusion) => {
    const config = { ...RANDOM_BLOCK, fusion };
    const { graph, loss, slopes } = buildBlockLoss(config, randomBlockRefs(config));
    const shares = Object.entries(SHARES).map(
      ([name, share]) => [name, floatTensor(Float32Array.of(share), [1])] as const,
    );
    const feeds = { ...randomBlockFeeds(config, SEED), ...Object.fromEntries(shares) };
    const { given, weights } = randomNetwork(graph, feeds, stream(SEED));
    const learned = new Map([...weights].filter(([name]) => name !== 'head'));
    const [value, ...gradients] = evaluate(
      [loss, ...pullBack(slopes, [...learned.values()])],
      given,
    ) as [Doubles, ...Doubles[]];

    const read = jaxInputs(given);
    const sizes = (feeds.grid?.data ?? new BigInt64Array(3)) as BigInt64Array;
    const [b, n, a] = Array.from(sizes, Number) as [number, number, number];
    const head = () => jaxFloats(given.get(weights.get('head') as Value) as Doubles);
    const lossOf = (w: JaxWeights) => jaxBlockLoss({ ...w, head: head() }, read, config, [b, n, a]);
    expect(distance(value.data, numbersOf(lossOf(jaxStart(learned, given))))).toBeLessThanOrEqual(
      1e-5,
    );

    const worst = compareGradients(lossOf, learned, given, gradients);
    console.info(`largest ‖g - jax‖ / ‖jax‖ of the ${fusion} block draft’s loss: ${worst}`);
    expect(worst.error()).toBeLessThanOrEqual(1e-4);
  },
);

/** Every block apart: context and slots side by side, what is not seen far below. */
function jaxBlockLoss(
  w: JaxWeights,
  read: ReturnType<typeof jaxInputs>,
  { slots, layers, kvHeads, heads, headDim, rmsNormEps, fusion, headTokenIds }: BlockDraftConfig,
  [b, n, a]: readonly [number, number, number],
): np.Array {
  const weight = (name: string) => (w[`${name}.weight`] as np.Array).ref;
  const H = RANDOM_BLOCK.hiddenSize;
  const words = jaxLinear(read('features'), weight('fc'));
  const entered = fusion === 'fused' ? words : words.mul(read('text')).add(read('visual'));
  const context = jaxRmsNorm(entered, weight('hidden_norm'), rmsNormEps);
  const roots = np.take((w.table as np.Array).ref, read('roots'), 0).reshape([b * a, 1, H]);
  const masks = np.broadcastTo(weight('mask_embedding'), [b * a, slots - 1, H]);
  let x = np.concatenate([roots, masks], 1).reshape([b * a * slots, H]);

  const apart = (angles: np.Array): [np.Array, np.Array] =>
    np.split(angles, [b * n], 0) as [np.Array, np.Array];
  const [[contextCos, slotCos], [contextSin, slotSin]] = [apart(read('cos')), apart(read('sin'))];
  const hidden = np.concatenate(
    [np.maximum(read('bias'), -1e9).reshape([b * a, 1, 1, n]), np.zeros([b * a, 1, 1, slots])],
    -1,
  );
  /** [b·n, count·d] → [b·a, count, n, d] */
  const ofContext = (rows: np.Array, count: number) =>
    np
      .repeat(rows.reshape([b, 1, n, count, headDim]), a, 1)
      .reshape([b * a, n, count, headDim])
      .transpose([0, 2, 1, 3]);
  const ofSlots = (rows: np.Array, count: number) =>
    rows.reshape([b * a, slots, count, headDim]).transpose([0, 2, 1, 3]);
  const group = heads / kvHeads;
  for (let layer = 0; layer < layers; layer++) {
    const at = (name: string) => weight(`layers.${layer}.${name}`);
    const byHead = (rows: np.Array, count: number) => rows.reshape([-1, count, headDim]);
    const slotsRead = jaxRmsNorm(x.ref, at('input_layernorm'), rmsNormEps);
    const project = (rows: np.Array, part: string) => jaxLinear(rows, at(`self_attn.${part}_proj`));
    const q = rotate(byHead(project(slotsRead.ref, 'q'), heads), slotCos.ref, slotSin.ref);
    const k = rotate(byHead(project(slotsRead.ref, 'k'), kvHeads), slotCos.ref, slotSin.ref);
    const v = project(slotsRead, 'v');
    const contextK = rotate(
      byHead(project(context.ref, 'k'), kvHeads),
      contextCos.ref,
      contextSin.ref,
    );
    const contextV = project(context.ref, 'v');
    const both = (far: np.Array, near: np.Array) =>
      np.repeat(np.concatenate([ofContext(far, kvHeads), ofSlots(near, kvHeads)], 2), group, 1);
    const scores = np
      .matmul(ofSlots(q, heads), both(contextK, k).transpose([0, 1, 3, 2]))
      .mul(1 / Math.sqrt(headDim));
    const mixed = np.matmul(nn.softmax(scores.add(hidden.ref), -1), both(contextV, v));
    const rows = mixed.transpose([0, 2, 1, 3]).reshape([b * a * slots, heads * headDim]);
    const seen = x.add(jaxLinear(rows, at('self_attn.o_proj')));
    const inner = jaxRmsNorm(seen.ref, at('post_attention_layernorm'), rmsNormEps);
    const gated = nn
      .silu(jaxLinear(inner.ref, at('mlp.gate_proj')))
      .mul(jaxLinear(inner, at('mlp.up_proj')));
    x = seen.add(jaxLinear(gated, at('mlp.down_proj')));
  }

  const y = jaxRmsNorm(np.take(x, read('judged'), 0), weight('norm'), rmsNormEps);
  const before = np.take(weight('markov_head.markov_w1'), read('before'), 0);
  const spoken = np.array(headTokenIds as number[], { dtype: np.int32 });
  const head = np.take((w.head as np.Array).ref, spoken, 0);
  const logits = jaxLinear(y.ref, head.ref).add(
    jaxLinear(before.ref, weight('markov_head.markov_w2')),
  );
  const q = nn.softmax(jaxLinear(read('expected'), head), -1);
  const logP = nn.logSoftmax(logits, -1);
  const variation = np.absolute(np.exp(logP.ref).sub(q.ref)).sum(-1);
  const labels = nn.oneHot(read('labels'), headTokenIds?.length ?? 0);
  const ofTokens = labels
    .mul(logP.ref)
    .sum(-1)
    .neg()
    .mul(read('known').reshape([-1]));
  const ofTruth = q.mul(logP).sum(-1).neg();
  const sure = jaxLinear(np.concatenate([y, before], -1), weight('confidence_head.proj'))
    .reshape([-1])
    .add((w['confidence_head.proj.bias'] as np.Array).ref);
  const accepted = lax.stopGradient(variation.ref.mul(-0.5).add(1));
  const ofConfidence = np.log(np.exp(sure.ref).add(1)).sub(accepted.mul(sure));
  const share = (name: string) => read(name).reshape([]);
  return ofTokens
    .mul(share('of_tokens'))
    .add(ofTruth.mul(share('of_truth')))
    .add(variation.mul(share('of_variation')))
    .add(ofConfidence.mul(share('of_confidence')))
    .mul(read('weights').reshape([-1]))
    .sum();
}
