import type { VisualRows } from '../contracts/rows.ts';
import { floatTensor, intTensor, type Tensor } from '../contracts/session.ts';
import { consecutive } from './consecutive.ts';

/**
 * Feeds of `rowInputs` but for the heads. Row i reads entry order[i] of the n tokens followed by the m visual
 * embeddings.
 *
 * @param ids token of each row [n]; those at visual slots may be any number
 */
export function rowFeeds(
  ids: Int32Array,
  visual: VisualRows | undefined,
  hiddenSize: number,
): { ids: Tensor; visual: Tensor; order: Tensor } {
  const order = consecutive(ids.length);
  if (visual === undefined) {
    const none = floatTensor(new Float32Array(0), [0, hiddenSize]);
    return { ids: intTensor(ids), visual: none, order: intTensor(order) };
  }
  const { embeddings, slots } = visual;
  const words = ids.slice();
  for (const [j, slot] of slots.entries()) {
    order[slot] = ids.length + j;
    words[slot] = 0; // a placeholder may lie beyond the table
  }
  return {
    ids: intTensor(words),
    visual: floatTensor(embeddings.data, [embeddings.count, hiddenSize]),
    order: intTensor(order),
  };
}
