import type { TreeShape } from '../contracts/drafter.ts';
import type { JoinedTree } from './join-trees.ts';
import { bestFirst, keepNodes } from './keep-nodes.ts';
import { growingOffers, looks, type Offer, offering, PAYS, payingOffer } from './offers.ts';
import { callMs, MOST_ROWS, type Outlook, type Plan } from './plan.ts';
import { leastPrice, passPrice, timesSeen } from './prices.ts';
import { survivals } from './survivals.ts';

/** A width is tried so often before its own time is believed, and no oftener than every so many rounds. */
const TRIES = 2;
const TRY_EVERY = 4;
/** Rounds without a tree before a trial. */
const QUIET = 4;
/** Tokens that a drafted node of somebody else in the pass is held to bring. */
const OTHERS_NODE = 0.4;

/**
 * The part of a proposed tree that pays, the root at least. Decided before anything is drawn.
 * @param most rows that it may have
 */
export function cutTree(
  plan: Plan,
  outlook: Outlook,
  shape: TreeShape,
  tree: JoinedTree,
  most = MOST_ROWS,
): JoinedTree {
  if (tree.tokens.length === 1) return tree;
  const chances = survivals(tree, plan.calibrations);
  const order = bestFirst(chances);
  const called = shape.total > 1 && plan.drafter.isNetwork;
  const spent = called ? callMs(plan, outlook, shape.depth) : 0;
  const sorted = Float64Array.from(
    order.subarray(1, Math.max(1, most)),
    (node) => chances[node] as number,
  );
  // A call is spent by now, and its tree is known better than by what trees are like.
  const believed = called ? undefined : plan.borneOut.beside;
  const offers = growingOffers(
    offering(plan, outlook, companyOf(outlook), believed),
    sorted,
    spent,
  );
  const best = payingOffer(offers);
  if (!called && looks(outlook, best.rate / offers[0].rate)) {
    return keepNodes(tree, [0]);
  }
  const rows = triedWidth(plan, outlook, offers, best) ?? trialWidth(plan, outlook, offers, best);
  return keepNodes(tree, order.subarray(0, rows));
}

/** Whoever decides at the same time is taken to do alike. */
function companyOf({ others }: Outlook) {
  const alike = others.undecided + 1;
  const decided = others.lanes + 1 - alike;
  const tokens = decided + OTHERS_NODE * (others.rows - decided);
  return { alike, rows: others.rows, tokens };
}

/** A width without a time of its own is tried while it would be best at the price of the next narrower one. */
function triedWidth(
  plan: Plan,
  { prices, others }: Outlook,
  offers: readonly Offer[],
  best: Offer,
): number | undefined {
  if (others.lanes > 0 || plan.rounds % TRY_EVERY !== 0) return undefined;
  // The narrowest first: what it takes is the least that the wider ones may.
  return offers.find(({ rows, tokens, ms }) => {
    if (rows === 1 || !isStep(rows) || timesSeen(prices, rows) >= TRIES) return false;
    const saved = passPrice(prices, { rows, lanes: 1 }) - leastPrice(prices, rows);
    return tokens / (ms - saved) > best.rate * PAYS;
  })?.rows;
}

/** Widths that are worth a time of their own: all up to 16, and some beyond. */
const isStep = (rows: number): boolean => rows <= 16 || rows % 8 === 0;

/** Where the root alone is best: the nodes that lose least, if that was saved up. */
function trialWidth(
  plan: Plan,
  { others }: Outlook,
  [plain, ...trees]: readonly [Offer, ...Offer[]],
  best: Offer,
): number {
  const quiet = plan.rounds - plan.lastDrafted >= QUIET * (others.lanes + 1);
  if (best.rows > 1 || !quiet) return best.rows;
  const loss = ({ rate, ms }: Offer) => ms * (1 - rate / plain.rate);
  const [first, ...rest] = trees as [Offer, ...Offer[]];
  const least = rest.reduce((a, b) => (loss(a) <= loss(b) ? a : b), first);
  return plan.credit >= loss(least) ? least.rows : best.rows;
}
