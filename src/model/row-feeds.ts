import type { VisualRows } from '../contracts/rows.ts';
import { floatTensor, intTensor, type Tensor } from '../contracts/session.ts';
import type { KvCache } from './kv-cache.ts';

/** Feeds of `rowInputs` but for the heads: which row reads a token, which a visual embedding. */
export function rowFeeds(
  ids: Int32Array,
  visual: VisualRows | undefined,
  hiddenSize: number,
): { ids: Tensor; visual: Tensor; order: Tensor } {
  const n = ids.length;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const read = ids.slice();
  for (let j = 0; j < (visual?.slots.length ?? 0); j++) {
    const slot = visual?.slots[j] as number;
    order[slot] = n + j;
    read[slot] = 0; // the placeholder's own embedding is never read
  }
  const embeddings = visual?.embeddings.data ?? new Float32Array(0);
  return {
    ids: intTensor(read),
    visual: floatTensor(embeddings, [embeddings.length / hiddenSize, hiddenSize]),
    order: intTensor(order),
  };
}

/** Feeds of `pastInputs` for every layer of a cache. */
export function pastFeeds(cache: Pick<KvCache, 'layers'>): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const [index, layer] of cache.layers.entries()) {
    feeds[`keys_${index}`] = layer.keys;
    feeds[`values_${index}`] = layer.values;
  }
  return feeds;
}
