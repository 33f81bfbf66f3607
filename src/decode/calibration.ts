import type { DraftTree } from '../contracts/drafter.ts';

/**
 * How far a draft's probabilities are to be believed, from nodes that were tried: those whose parent the target kept. Two
 * corrections, one by how sure the draft was and one by depth; where little was seen both are near 1.
 */
export interface Calibration {
  readonly byProbability: readonly Tally[];
  readonly byDepth: readonly Tally[];
}

/** Of some nodes that were tried: how many should have been kept, and how many were. Older ones weigh less. */
interface Tally {
  readonly expected: number;
  readonly kept: number;
}

/** Upper ends of the classes by probability. */
const CLASSES = [0.02, 0.1, 0.3, 0.5, 0.7, 0.85, 0.95, 1];
const DEPTHS = 8;
/** Kept nodes that the draft's own word counts for, in a class and at a depth. */
const TRUST = { byProbability: 2, byDepth: 4 };
/** Nodes that should have been kept are remembered about so many: unlikely ones tell less each, and longer. */
const MEMORY = 24;
/** What a node is worth whose draft does not say: the first child of its parent, and each further one of the one before. */
const UNTOLD = { first: 0.6, further: 0.25 };

const NOTHING: Tally = { expected: 0, kept: 0 };

export const NO_CALIBRATION: Calibration = {
  byProbability: CLASSES.map(() => NOTHING),
  byDepth: Array.from({ length: DEPTHS }, () => NOTHING),
};

/** The chance of each node, its parent kept [n], as nodes came true of which as much was said. */
export const correctedChances = (
  calibration: Calibration,
  told: Float64Array, // [n]
  depths: Int32Array, // [n]
): Float64Array =>
  told.map((chance, node) =>
    node === 0 || chance === 0 ? 0 : corrected(calibration, chance, depths[node] as number),
  );

/**
 * @param path nodes of the tree that the target kept, the root first
 * @param told the chance of each node, its parent kept [n]; 0 where nothing was said of it
 */
export function observeWalk(
  calibration: Calibration,
  tree: DraftTree,
  path: Iterable<number>,
  told: Float64Array = toldChances(tree),
): Calibration {
  const kept = new Set(path);
  const byProbability = [...calibration.byProbability];
  const byDepth = [...calibration.byDepth];
  for (let node = 1; node < tree.parents.length; node += 1) {
    const chance = told[node] as number;
    if (chance === 0 || !kept.has(tree.parents[node] as number)) continue;
    const [at, depth] = [classOf(chance), depthClass(tree.depths[node] as number)];
    const sure = chance * ratio(calibration.byProbability[at], TRUST.byProbability);
    const won = kept.has(node) ? 1 : 0;
    byProbability[at] = tried(byProbability[at], chance, won);
    byDepth[depth] = tried(byDepth[depth], Math.min(1, sure), won);
  }
  return { byProbability, byDepth };
}

/** Lets what was seen weigh at most as much as `most` kept nodes in each class. */
export function ageCalibration(calibration: Calibration, most: number): Calibration {
  const age = ({ expected, kept }: Tally): Tally => {
    const share = Math.min(1, most / Math.max(expected, kept, most));
    return { expected: expected * share, kept: kept * share };
  };
  return {
    byProbability: calibration.byProbability.map(age),
    byDepth: calibration.byDepth.map(age),
  };
}

function corrected({ byProbability, byDepth }: Calibration, told: number, depth: number): number {
  const sure = told * ratio(byProbability[classOf(told)], TRUST.byProbability);
  return Math.min(1, sure * ratio(byDepth[depthClass(depth)], TRUST.byDepth));
}

const ratio = (tally: Tally | undefined, trust: number): number =>
  tally === undefined ? 1 : (tally.kept + trust) / (tally.expected + trust);

/** A tally with one more node. */
function tried(tally: Tally | undefined, expected: number, kept: number): Tally {
  const before = tally ?? NOTHING;
  const left = 1 - Math.max(expected, kept) / MEMORY;
  return { expected: before.expected * left + expected, kept: before.kept * left + kept };
}

const classOf = (chance: number): number => CLASSES.findIndex((end) => chance <= end);
const depthClass = (depth: number): number => Math.min(depth, DEPTHS) - 1;

/** The draft's own chance of each node, its parent kept [n] */
export function toldChances({ parents, scores }: DraftTree): Float64Array {
  const told = new Float64Array(parents.length);
  const children = new Map<number, number>(); // of a node so far
  for (let node = 1; node < parents.length; node += 1) {
    const parent = parents[node] as number;
    const elder = children.get(parent) ?? 0;
    children.set(parent, elder + 1);
    told[node] =
      scores === undefined
        ? UNTOLD.first * UNTOLD.further ** elder
        : Math.min(1, Math.exp((scores[node] as number) - (scores[parent] as number)));
  }
  return told;
}
