import type { TreeShape } from '../contracts/drafter.ts';
import type { RoundStats } from '../contracts/generate.ts';
import type { Costs } from './costs.ts';
import { ageWalks, createRates, type Estimate, estimate, learn, type Rates } from './tree-rates.ts';
import { PLAIN, shapeName } from './tree-shape.ts';

/**
 * Never slower than plain: before each round, the tree (or none) with the most tokens per millisecond, as far as is
 * known. To know it, a few rounds go to others than the leader: while plain leads, rare trials of the cheapest tree,
 * which go on while they pay; while a tree leads, rare looks at plain and at the trees that could overtake it.
 */
export interface Plan {
  /** Plain first. */
  readonly rates: Rates;
  /** What the rates come to, in their order. */
  readonly all: readonly Estimate[];
  /** Rounds of the leader since the last trial or look, and how many there are to be before the next. */
  readonly since: number;
  readonly wait: number;
  /** Tokens that a running trial may still fall behind plain; 0 if none runs. */
  readonly credit: number;
}

/** A tree must beat plain by this much to lead: it also makes the draft read the prompt, which no round counts. */
const MARGIN = 1.1;
/** Waits double from the first to the most. */
const TRIAL_WAIT = { first: 32, most: 512 };
const LOOK_WAIT = { first: 4, most: 64 };
/** The first wait is long enough for one lost trial to cost at most this share of plain. */
const TRIAL_SHARE = 0.01;
/** Tokens that a trial may fall behind plain before it ends. */
const STAKE = 1;
/** Walks that all those from before a trial count for: what was seen before a stretch of plain is old. */
const OLD_WALKS = 6;
/** A tree could overtake the leader from this share of its rate. */
const RIVAL = 0.75;

/** @param trees shapes to choose from, besides plain decoding */
export function createPlan(costs: Costs, trees: readonly TreeShape[]): Plan {
  const rates = createRates(costs, [PLAIN, ...trees]);
  return restart({ rates, all: estimate(rates) });
}

/** The shape of the next round. */
export function choose({ all, since, wait, credit }: Plan): TreeShape {
  const lead = leader(all);
  if (since < wait && credit === 0) return lead.shape;
  const other = isPlain(lead) ? cheapestTree(all) : stalestRival(all, lead);
  return (other ?? lead).shape;
}

/**
 * The plan after a round; a shape that is not among its choices teaches nothing. A round that ends an
 * answer counts with what it wrote of its walk: it took its time like any other.
 */
export function observe(plan: Plan, shape: TreeShape, round: RoundStats): Plan {
  const { all } = plan;
  const lead = leader(all);
  const played = all.find((one) => shapeName(one.shape) === shapeName(shape));
  if (played === undefined) return plan;

  const trial = isPlain(lead) && !isPlain(played);
  const before = trial && plan.credit === 0 ? ageWalks(plan.rates, OLD_WALKS) : plan.rates;
  const ms = round.targetMs + round.draftMs + round.hostMs;
  const rates = learn(before, played, round.accepted, ms);
  const now = { rates, all: estimate(rates) };
  if (isPlain(leader(now.all)) !== isPlain(lead)) return restart(now);

  if (played === lead) return { ...plan, ...now, since: plan.since + 1 };
  const gain = round.accepted + 1 - ms * plainOf(all).rate;
  const credit = trial ? Math.max(0, (plan.credit || STAKE) + gain) : 0;
  if (credit > 0) return { ...plan, ...now, credit };
  const { most } = trial ? TRIAL_WAIT : LOOK_WAIT;
  return { ...now, since: 0, wait: Math.max(plan.wait, Math.min(2 * plan.wait, most)), credit };
}

/**
 * What runs and why, in one sentence. Before a draft was seen it tells what a tree costs, which was timed, and nothing of
 * what it gives, which nobody knows.
 */
export function explain({ rates, all }: Plan): string {
  const plain = plainOf(all);
  const lead = leader(all);
  const tree = isPlain(lead) ? fastestTree(all) : lead;
  if (tree === undefined) return `plain at ${plain.ms.toFixed(1)} ms a token, since nothing drafts`;
  const name = `tree ${shapeName(tree.shape)}`;
  const took = `${tree.ms.toFixed(1)} ms`;
  if (!rates.arms.some(({ shape, runs }) => shape.total > 1 && runs > 0)) {
    const cost = `takes ${took}, as long as ${(tree.ms / plain.ms).toFixed(2)} plain tokens; no draft was seen yet`;
    return isPlain(lead)
      ? `plain at first: a pass of ${name} ${cost}`
      : `${name} first: a pass ${cost}`;
  }
  const speed = tree.rate / plain.rate;
  const gives = `gives ${tree.tokens.toFixed(2)} tokens in ${took}, ${speed.toFixed(2)}x plain's ${plain.ms.toFixed(1)} ms a token`;
  const source = `(after ${rates.rounds} rounds)`;
  if (!isPlain(lead)) return `${name}, which ${gives} ${source}`;
  return speed > 1
    ? `plain, until a tree is seen to beat it by ${MARGIN.toFixed(2)}x: ${name} ${gives} ${source}`
    : `plain, since ${name} ${gives} ${source}`;
}

/** A plan whose leader is new. */
function restart({ rates, all }: Pick<Plan, 'rates' | 'all'>): Plan {
  if (!isPlain(leader(all))) return { rates, all, since: 0, wait: LOOK_WAIT.first, credit: 0 };
  const loss = (cheapestTree(all)?.ms ?? 0) * plainOf(all).rate - 1;
  const wait = Math.max(TRIAL_WAIT.first, Math.ceil(loss / TRIAL_SHARE));
  return { rates, all, since: 0, wait, credit: 0 };
}

function leader(all: readonly Estimate[]): Estimate {
  const plain = plainOf(all);
  const tree = fastestTree(all);
  return tree !== undefined && tree.rate > plain.rate * MARGIN ? tree : plain;
}

function plainOf([plain]: readonly Estimate[]): Estimate {
  if (plain === undefined) throw new RangeError('A plan has plain decoding among its choices.');
  return plain;
}

function fastestTree([, ...trees]: readonly Estimate[]): Estimate | undefined {
  return least(trees, ({ rate }) => -rate);
}

function cheapestTree([, ...trees]: readonly Estimate[]): Estimate | undefined {
  return least(trees, ({ ms }) => ms);
}

function stalestRival(all: readonly Estimate[], lead: Estimate): Estimate | undefined {
  const rivals = all.filter((one) => one !== lead);
  return least(
    rivals.filter((one) => isPlain(one) || one.rate >= RIVAL * lead.rate),
    ({ ran }) => ran,
  );
}

function isPlain({ shape }: Estimate): boolean {
  return shape.total === 1;
}

/** The element of least value, the first on a tie. */
function least<T>(elements: readonly T[], value: (element: T) => number): T | undefined {
  return elements.reduce<T | undefined>(
    (a, b) => (a !== undefined && value(a) <= value(b) ? a : b),
    undefined,
  );
}
