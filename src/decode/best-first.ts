import type { DraftTree, TreeShape } from '../contracts/drafter.ts';
import { NonFiniteFeatureError } from '../contracts/errors.ts';

/** What a block draft says of the tokens behind a root: candidates of every slot, and how neighbours go together. */
export interface BlockGuess {
  readonly slots: number;
  /** Candidates of a slot. */
  readonly k: number;
  readonly tokens: Int32Array; // [slots, k]
  /** Over all tokens: of slot 0 behind the root, of the others whatever token stands before. */
  readonly logProbs: Float32Array; // [slots, k]
  /** What candidate u of a slot adds to the logit of candidate v of the next. */
  readonly biases: Float32Array; // [slots - 1, k, k], u before v
  /** How surely the token behind the root is guessed right, and that behind each candidate of all slots but the last. */
  readonly rootConfidence: number;
  readonly confidences: Float32Array; // [slots - 1, k]
}

interface Node {
  readonly token: number;
  /** Place in the tree; -1 above the root. */
  readonly parent: number;
  readonly depth: number;
  readonly score: number;
  /** The children of the parent, best first, and which of them this is. */
  readonly siblings: readonly Candidate[];
  readonly rank: number;
}

interface Candidate {
  /** Among the slot's. */
  readonly place: number;
  readonly logProb: number;
}

/**
 * The `total` likeliest nodes by joint probability, the likeliest first: a child never scores above its parent, so every
 * beginning of the tree is a tree. Of equals the one that was reached first goes first. A node's children are the `topK`
 * likeliest of its slot, given the node itself.
 *
 * @throws NonFiniteFeatureError if a number is NaN
 */
export function bestFirstTree(
  root: number,
  guess: BlockGuess,
  { total, depth, topK }: TreeShape,
): DraftTree {
  const levels = Math.min(depth + 1, guess.slots);
  const width = Math.min(topK, guess.k);
  const tree: Node[] = [];
  const reached: Node[] = [
    { token: root, parent: -1, depth: 0, score: 0, siblings: [{ place: 0, logProb: 0 }], rank: 0 },
  ];
  const reach = (parent: number, siblings: Node['siblings'], rank: number) => {
    const candidate = siblings[rank];
    if (candidate === undefined) return;
    const { depth, score } = tree[parent] as Node;
    reached.push({
      token: guess.tokens[depth * guess.k + candidate.place] as number,
      parent,
      depth: depth + 1,
      score: Math.fround(score + candidate.logProb),
      siblings,
      rank,
    });
  };
  while (tree.length < total) {
    const best = takeBest(reached);
    if (best === undefined) break;
    const place = tree.push(best) - 1;
    if (best.depth > 0) reach(best.parent, best.siblings, best.rank + 1);
    if (best.depth < levels) reach(place, childrenOf(guess, best, width), 0);
  }
  return {
    tokens: Int32Array.from(tree, ({ token }) => token),
    parents: Int32Array.from(tree, ({ parent }) => parent),
    depths: Int32Array.from(tree, ({ depth }) => depth),
    scores: Float32Array.from(tree, ({ score }) => score),
    confidences: Float32Array.from(tree, (node) => confidenceBehind(guess, node)),
  };
}

function confidenceBehind(
  { k, rootConfidence, confidences }: BlockGuess,
  { depth, siblings, rank }: Node,
): number {
  if (depth === 0) return rootConfidence;
  return confidences[(depth - 1) * k + (siblings[rank] as Candidate).place] ?? 0;
}

function takeBest(reached: Node[]): Node | undefined {
  let best = 0;
  for (const [at, { score }] of reached.entries()) {
    if (score > (reached[best] as Node).score) best = at;
  }
  return reached.splice(best, 1)[0];
}

/** The likeliest candidates of the slot behind a node, best first. */
function childrenOf(
  guess: BlockGuess,
  { depth, siblings, rank }: Node,
  width: number,
): Candidate[] {
  const u = depth === 0 ? null : (siblings[rank] as Candidate).place;
  return [...logProbsBehind(guess, depth, u)]
    .map((logProb, place) => ({ logProb, place }))
    .filter(({ logProb }) => logProb > -Infinity)
    .sort((a, b) => b.logProb - a.logProb || a.place - b.place)
    .slice(0, width);
}

/**
 * Log-probabilities of a slot's candidates behind candidate u of the slot before [k]. The bias is known of candidates
 * alone; for the rest of the distribution it counts as 0. So they add up to 1 with it.
 *
 * @param u null in slot 0, where the root is counted already
 */
function logProbsBehind(
  { k, logProbs, biases }: BlockGuess,
  slot: number,
  u: number | null,
): Float64Array {
  const base = Float64Array.from(logProbs.subarray(slot * k, (slot + 1) * k));
  if (base.some(Number.isNaN)) throw notFinite();
  if (u === null) return base.map((logProb) => Math.min(logProb, 0)); // a log-softmax may round to just above 0
  const from = ((slot - 1) * k + u) * k;
  const logits = base.map((logProb, v) => logProb + (biases[from + v] as number));
  const rest = Math.max(0, 1 - base.reduce((sum, logProb) => sum + Math.exp(logProb), 0));
  const most = Math.max(0, ...logits);
  if (!Number.isFinite(most)) throw notFinite();
  const sum = logits.reduce((all, logit) => all + Math.exp(logit - most), rest * Math.exp(-most));
  const total = most + Math.log(sum);
  return logits.map((logit) => Math.min(logit - total, 0));
}

const notFinite = () =>
  new NonFiniteFeatureError(
    'The draft gave a number that is not finite; check the draft checkpoint or draft with another drafter.',
  );
