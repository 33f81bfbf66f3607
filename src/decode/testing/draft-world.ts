import type { DraftTree, TreeShape } from '../../contracts/drafter.ts';
import { type Choice, chooseShape, unlooked } from '../choose-shape.ts';
import { cutTree } from '../cut-tree.ts';
import { bestFirst, keepNodes } from '../keep-nodes.ts';
import { observeRound } from '../observe-round.ts';
import type { Outlook, Plan } from '../plan.ts';
import { learnPass, type PassSize, type Prices } from '../prices.ts';
import { PLAIN, rootTree } from '../tree-shape.ts';
import { uniform } from '../uniform.ts';

/** A machine, a draft and a text, all of them known: what rounds really are. */
export interface World {
  /** Milliseconds of a pass. */
  readonly passMs: (size: PassSize, round: number) => number;
  /** Of one call of the draft, and of a round beside its passes. */
  readonly callMs: number;
  readonly hostMs: number;
  /** What a look at trees takes more of the host. Default 0. */
  readonly lookMs?: number;
  /** How sure the draft is of its likeliest next token in a round. */
  readonly sure: (round: number) => number;
  /** The chance that the target takes a node, its parent taken, by what the draft says. */
  readonly taken: (said: number, round: number, depth: number) => number;
}

export interface Writing {
  readonly plan: Plan;
  readonly prices: Prices;
  readonly tokens: number;
  readonly ms: number;
  /** Rows that each round verified, and whether the draft was called. */
  readonly rows: readonly number[];
  readonly called: readonly boolean[];
}

/** What the draft grows: a likeliest chain, whose nodes have siblings of half of what is left each. */
function drawTree({ total, depth, topK }: TreeShape, sure: number, salt: number): DraftTree {
  if (total === 1) return rootTree(0);
  const [tokens, parents, depths, scores] = [[0], [-1], [0], [0]];
  let trunk = 0;
  for (let level = 1; level <= depth + 1; level += 1) {
    const best = Math.min(0.98, Math.max(0.02, sure + 0.3 * (uniform(salt, level) - 0.5)));
    const parent = trunk;
    trunk = tokens.length;
    for (let k = 0, left = 1, said = best; k < Math.min(topK, 4); k += 1) {
      tokens.push(k + 1);
      parents.push(parent);
      depths.push(level);
      scores.push((scores[parent] as number) + Math.log(said));
      left -= said;
      said = Math.min(said, left * 0.6);
      if (said < 1e-3) break;
    }
  }
  const tree = {
    tokens: Int32Array.from(tokens),
    parents: Int32Array.from(parents),
    depths: Int32Array.from(depths),
    scores: Float32Array.from(scores),
  };
  const order = bestFirst(Float64Array.from(scores, (score) => Math.exp(score)));
  return keepNodes(tree, order.subarray(0, total));
}

/** The nodes that the target takes. */
function walk(
  { parents, depths, scores }: DraftTree,
  { taken }: World,
  round: number,
  salt: number,
): number[] {
  const path = [0];
  for (let node = 0; ; ) {
    const draw = uniform(salt, 1000 + path.length);
    let [below, next] = [0, -1];
    for (let child = node + 1; child < parents.length && next < 0; child += 1) {
      if (parents[child] !== node) continue;
      const said = Math.exp((scores?.[child] as number) - (scores?.[node] as number));
      below += taken(said, round, depths[child] as number);
      if (draw < below) next = child;
    }
    if (next < 0) return path;
    path.push(next);
    node = next;
  }
}

export interface Start {
  readonly plan: Plan;
  readonly prices: Prices;
  readonly costs: Outlook['costs'];
  readonly round?: number;
  /** Answers that run at once, all with this plan. */
  readonly lanes?: number;
  readonly seed?: number;
}

/** How a round's tree is decided: by the plan, or always so. */
export type Policy = 'plan' | { readonly shape: TreeShape; readonly rows: number };

/** Writes that many tokens in each lane; passes and calls are shared by all of them. */
export function write(of: World, tokens: number, start: Start, policy: Policy = 'plan'): Writing {
  const { costs, lanes = 1, seed = 1 } = start;
  let { plan, prices } = start;
  const { isNetwork, calls: by } = plan.drafter;
  const callsOf = (depth: number) => (isNetwork ? (by === 'round' ? 1 : 1 + depth) : 0);
  const rows: number[] = [];
  const called: boolean[] = [];
  let [written, ms] = [0, 0];
  const hostOf = ({ foretold }: Choice) => of.hostMs + (foretold === null ? 0 : (of.lookMs ?? 0));
  for (let round = start.round ?? 0; written < tokens * lanes; round += 1) {
    const salts = Array.from({ length: lanes }, (_, lane) => seed * 7919 + round * 64 + lane);
    const others = { lanes: lanes - 1, undecided: lanes - 1, rows: 0, reading: 0 };
    const choices = salts.map(() =>
      policy === 'plan'
        ? chooseShape(plan, { costs, prices, others }, 100)
        : unlooked(policy.shape),
    );
    const shapes = choices.map(({ shape }) => shape);
    const trees = salts.map((salt, lane) => {
      return drawTree(shapes[lane] ?? PLAIN, of.sure(round), salt);
    });
    const verified: DraftTree[] = [];
    for (const [lane, tree] of trees.entries()) {
      const before = verified.reduce((sum, { tokens }) => sum + tokens.length, 0);
      const beside = { lanes: lanes - 1, undecided: lanes - 1 - lane, rows: before, reading: 0 };
      const shape = shapes[lane] ?? PLAIN;
      if (policy === 'plan') {
        verified.push(cutTree(plan, { costs, prices, others: beside }, shape, tree));
      } else {
        const order = bestFirst(Float64Array.from(tree.scores ?? [0], (score) => Math.exp(score)));
        verified.push(keepNodes(tree, order.subarray(0, policy.rows)));
      }
    }
    const size = { rows: verified.reduce((sum, { tokens }) => sum + tokens.length, 0), lanes };
    const targetMs = of.passMs(size, round);
    const calls = Math.max(...shapes.map(({ total, depth }) => (total > 1 ? callsOf(depth) : 0)));
    const draftMs = calls * of.callMs;
    for (const [lane, tree] of verified.entries()) {
      const shape = shapes[lane] ?? PLAIN;
      const choice = choices[lane] ?? unlooked(PLAIN);
      const path = Int32Array.from(walk(tree, of, round, salts[lane] as number));
      const proposed = trees[lane] ?? tree;
      const times = {
        targetMs,
        draftMs: shape.total > 1 ? draftMs : 0,
        hostMs: hostOf(choice),
        pass: size,
      };
      const played = { choice, proposed, verified: tree, path, tokens: path.length, ...times };
      const outlook = { costs, prices, others };
      plan = observeRound(plan, outlook, played);
      prices = learnPass(prices, size, targetMs);
      written += path.length;
      rows.push(tree.tokens.length);
      called.push(shape.total > 1);
    }
    ms += targetMs + draftMs + choices.reduce((sum, choice) => sum + hostOf(choice), 0);
  }
  return { plan, prices, tokens: written, ms, rows, called };
}

/** The best of many fixed policies: what whoever knew the world, but no single round, would do. */
export function bestFixed(of: World, tokens: number, start: Start): number {
  const { isNetwork, calls } = start.plan.drafter;
  const policies: Policy[] = [{ shape: PLAIN, rows: 1 }];
  for (const rows of [2, 4, 8, 16, 32, 59]) {
    for (const depth of isNetwork && calls !== 'round' ? [0, 2, 4, 7] : [15]) {
      policies.push({ shape: { total: rows, depth, topK: 4 }, rows });
    }
  }
  return Math.max(
    ...policies.map((policy) => {
      const { tokens: written, ms } = write(of, tokens, start, policy);
      return written / ms;
    }),
  );
}
