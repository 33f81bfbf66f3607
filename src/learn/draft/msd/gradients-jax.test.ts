import { nn, numpy as np } from '@jax-js/jax';
import { expect, it } from 'vitest';
import type { TensorRef } from '../../../contracts/checkpoint.ts';
import { differentiate } from '../../../graph/autodiff/differentiate.ts';
import { distance } from '../../../graph/testing/gradient-errors.ts';
import { numbersOf } from '../../../graph/testing/jax/arrays.ts';
import {
  compareGradients,
  type JaxWeights,
  jaxInputs,
  jaxStart,
} from '../../../graph/testing/jax/compare-gradients.ts';
import { jaxDecoderLayer, jaxLinear } from '../../../graph/testing/jax/decoder-layer.ts';
import { randomNetwork, stream } from '../../../graph/testing/random-network.ts';
import type { Doubles } from '../../../graph/testing/reference/doubles.ts';
import { evaluate } from '../../../graph/testing/reference/evaluate.ts';
import { buildDraftLoss } from './draft-loss.ts';
import {
  BATCH,
  RANDOM_DRAFT,
  ROWS,
  randomDraftFeeds,
  randomDraftRefs,
} from './testing/random-draft.ts';

const TOKEN_WEIGHT = 0.1;

it.each(['decoupled', 'fused'] as const)(
  'jax-js has the same gradients of the %s loss',
  (fusion) => {
    const objective = {
      ...({ fusion, placing: 'published' } as const),
      ...{ featureWeight: 1, tokenWeight: TOKEN_WEIGHT, depths: 1, depthDecay: 1 },
    };
    const refs = randomDraftRefs();
    const head = refs.get('head') as TensorRef;
    const { graph, loss } = buildDraftLoss(RANDOM_DRAFT, refs, head, objective);
    const { given, weights } = randomNetwork(
      graph,
      randomDraftFeeds(RANDOM_DRAFT, objective, 7),
      stream(7),
    );
    const wrt = [...weights.values()];
    const [value, ...gradients] = evaluate([loss, ...differentiate(loss, wrt)], given) as [
      Doubles,
      ...Doubles[],
    ];

    const read = jaxInputs(given);
    const lossOf = (w: JaxWeights) => jaxDraftLoss(w, read, fusion === 'fused');
    expect(distance(value.data, numbersOf(lossOf(jaxStart(weights, given))))).toBeLessThanOrEqual(
      1e-5,
    );

    const worst = compareGradients(lossOf, weights, given, gradients);
    console.info(`largest ‖g - jax‖ / ‖jax‖ of the ${fusion} draft’s loss: ${worst}`);
    expect(worst.error()).toBeLessThanOrEqual(1e-4);
  },
);

/** The published loss, of depth 1 alone. */
function jaxDraftLoss(w: JaxWeights, read: ReturnType<typeof jaxInputs>, fused: boolean): np.Array {
  const weight = (name: string) => w[name] as np.Array;
  const words = np.take(weight('embed_tokens.weight'), read('ids'), 0);
  const isText = np.greater(read('text'), 0.5); // [r, 1]
  const fc = (next: np.Array) =>
    jaxLinear(np.concatenate([next, read('features')], 1), weight('fc.weight')).add(
      weight('fc.bias'),
    );
  const x = fused
    ? fc(np.where(isText, words, read('visual')))
    : np.where(isText, fc(words), read('visual'));
  const layer = (name: string) => weight(`layers.0.${name}.weight`);
  const hidden = jaxDecoderLayer(
    x,
    {
      query: layer('self_attn.q_proj'),
      key: layer('self_attn.k_proj'),
      value: layer('self_attn.v_proj'),
      output: layer('self_attn.o_proj'),
      postNorm: layer('post_attention_layernorm'),
      gate: layer('mlp.gate_proj'),
      up: layer('mlp.up_proj'),
      down: layer('mlp.down_proj'),
    },
    { cos: read('cos'), sin: read('sin') },
    { ...RANDOM_DRAFT, batch: BATCH, rows: ROWS },
  );
  const predicted = np.take(hidden, read('heads_1'), 0); // [w, H]
  const logits = jaxLinear(predicted.ref, weight('head').ref);
  const truth = nn.softmax(jaxLinear(read('expected_1'), weight('head')), -1);
  const apart = np.absolute(predicted.sub(read('expected_1')));
  const smooth = np.where(np.less(apart.ref, 1), np.square(apart.ref).mul(0.5), apart.sub(0.5));
  const features = smooth.mean(-1).mean();
  const tokens = truth.mul(nn.logSoftmax(logits, -1)).sum(-1).mean().neg();
  return features.add(tokens.mul(TOKEN_WEIGHT));
}
