import type { LlavaConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { embedding, linear } from '../../graph/blocks/linear.ts';
import { rmsNorm } from '../../graph/blocks/norms.ts';
import { createGraph, type Graph, input, output, type Value } from '../../graph/graph.ts';
import { mul } from '../../graph/operators/elementwise.ts';
import { concat, gather } from '../../graph/operators/layout.ts';
import { batchInputs, batchPass } from '../../model/batch-pass.ts';
import { decoderLayer } from '../../model/decoder-layer.ts';
import { llavaDecoder, visualEmbeddings } from '../../model/llava.ts';
import { crossEntropy } from '../network/losses.ts';

/**
 * A target's training loss over a batch of b dialogues of n rows: mean cross-entropy of the reply tokens (LLaVA's
 * recipe). `withPictures` tells whether the batch has any: without, tower and projector are left out.
 * Inputs: ids [r], heads [w] (rows whose next token belongs to a reply), labels [w] (that token), share [1]
 * (1 / rows judged in the whole batch), those of `batchInputs`, and with pictures pixels [p, 3, S, S] and order [r]
 * (row i reads entry order[i] of the r words followed by the pictures' embeddings).
 * Output: loss [1], a part of the batch's mean.
 *
 * @param prepare what is done to the graph first, such as putting adapters before its weights
 */
export function buildTargetLoss(
  config: LlavaConfig,
  tensors: ReadonlyMap<string, TensorRef>,
  withPictures: boolean,
  prepare: (graph: Graph) => void = () => {},
): { graph: Graph; loss: Value } {
  const graph = createGraph(withPictures ? 'target-loss-visual' : 'target-loss-text');
  prepare(graph);
  const { decoder } = config;
  const { imageSize } = config.vision;
  const ids = input(graph, 'ids', 'int32', ['r']);
  const heads = input(graph, 'heads', 'int32', ['w']);
  const labels = input(graph, 'labels', 'int32', ['w']);
  const share = input(graph, 'share', 'float32', [1]);
  const batch = batchInputs(graph, decoder.headDim);
  const weights = llavaDecoder(config, tensors);

  let x = embedding(weights.embedding, ids);
  if (withPictures) {
    const pixels = input(graph, 'pixels', 'float32', ['p', 3, imageSize, imageSize]);
    const order = input(graph, 'order', 'int32', ['r']);
    x = gather(concat([x, visualEmbeddings(pixels, config, tensors)], 0), order);
  }
  const pass = batchPass(batch, decoder.headDim);
  const last = weights.layers.length - 1;
  for (const [index, layer] of weights.layers.entries()) {
    // After the last layer's attention only the judged rows matter.
    const picked = index === last && { goOn: (rows: Value) => gather(rows, heads) };
    x = decoderLayer(x, layer, { ...pass, ...picked }, decoder).x;
  }
  const features = rmsNorm(x, weights.norm, decoder.rmsNormEps); // [w, H]
  const logits = linear(features, { weight: weights.head });
  const loss = mul(crossEntropy(logits, labels), share);
  output('loss', loss);
  return { graph, loss };
}
