import type { Graph } from '../graph/graph.ts';
import { bytesOf, livePeak, type Sizes } from '../graph/live-peak.ts';

/** Bytes that a run of a graph holds at once: what it computes, gradients included, and what it is fed but weights. */
export function runBytes(graph: Graph): (sizes: Sizes) => number {
  // Weights and gradients have fixed shapes; what is fed for a group has a size that is known at run time.
  const fed = graph.inputs.filter(({ shape }) => shape.some((dim) => typeof dim === 'string'));
  const computed = livePeak(graph);
  return (sizes) => computed(sizes) + fed.reduce((sum, value) => sum + bytesOf(value, sizes), 0);
}
