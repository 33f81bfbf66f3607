import { type Calibration, correctedChances } from './calibration.ts';
import { type JoinedTree, toldBy } from './join-trees.ts';

/**
 * The chance of each node to be kept [n]: 1 at the root, and never above the parent's. Each source is corrected by what
 * became of its own nodes, and of two that tell of a node the surer one is believed; what children are said to share is
 * no more than their parent has.
 * @param sources those that are listened to
 */
export function survivals(
  tree: JoinedTree,
  calibrations: readonly Calibration[],
  sources: readonly number[] = [...calibrations.keys()],
): Float64Array {
  const { parents, depths } = tree;
  const chances = new Float64Array(parents.length);
  for (const source of sources) {
    const calibration = calibrations[source] as Calibration;
    const own = correctedChances(calibration, toldBy(tree, source), depths);
    for (const [node, chance] of own.entries()) {
      chances[node] = Math.max(chances[node] as number, chance);
    }
  }
  const shared = new Float64Array(parents.length);
  for (let node = 1; node < parents.length; node += 1) {
    const parent = parents[node] as number;
    shared[parent] = (shared[parent] as number) + (chances[node] as number);
  }
  chances[0] = 1;
  const rivals = tree.told !== undefined;
  for (let node = 1; node < parents.length; node += 1) {
    const parent = parents[node] as number;
    const most = rivals ? Math.max(1, shared[parent] as number) : 1;
    chances[node] = ((chances[parent] as number) * (chances[node] as number)) / most;
  }
  return chances;
}
