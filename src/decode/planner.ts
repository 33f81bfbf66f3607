import type { Drafter, DraftTree, TreeShape } from '../contracts/drafter.ts';
import { ageCalibration, type Calibration, NO_CALIBRATION, observeWalk } from './calibration.ts';
import type { Costs } from './costs.ts';
import { bestFirst, keepNodes } from './cut-tree.ts';
import { type JoinedTree, joinTrees, toldBy } from './join-trees.ts';
import {
  lastSeen,
  leastPrice,
  type PassSize,
  type Prices,
  passPrice,
  pricesFor,
  timesSeen,
} from './prices.ts';
import { survivals } from './survivals.ts';
import { fitShape, PLAIN, rootTree } from './tree-shape.ts';
import {
  NO_TREES,
  observeTree,
  TYPICAL_LEVELS,
  type TypicalTree,
  typicalChances,
} from './typical-tree.ts';

/**
 * Never slower than plain. Before a round: whether to call the draft, and how deep, by what its trees are like. Before
 * the pass: how much of the tree to verify, node by node from the likeliest on, by the tokens that they should bring and
 * the milliseconds that they cost. Where nothing pays, plain decoding saves up for a rare trial.
 */
export interface Plan {
  readonly drafter: Pricing;
  /** Of the draft, and of guesses beside it. */
  readonly calibrations: readonly [Calibration, Calibration];
  /** What the draft's own trees are like. */
  readonly typical: TypicalTree;
  /** How slow the draft's calls are beside load time and the machine's pace, as a factor. */
  readonly callPace: number;
  /** Milliseconds of a round beside its passes, at a pace of 1. */
  readonly host: { readonly plain: number; readonly tree: number };
  /** Milliseconds of the draft for each row that it reads apart from a round. */
  readonly reading: number;
  /** Milliseconds that a trial may cost. */
  readonly credit: number;
  /** Rounds so far, those of them that verified more than the root, and the last of those. */
  readonly rounds: number;
  readonly drafted: number;
  readonly lastDrafted: number;
  /** Calls of the draft since then, of whose trees nothing paid. */
  readonly vain: number;
}

/** How a drafter's calls are priced. */
export type Pricing = Pick<Drafter, 'isNetwork' | 'calls'>;

/** Who else answers. */
export interface Others {
  readonly lanes: number;
  /** Of those, the ones that decide on their trees for the same pass. */
  readonly undecided: number;
  /** Rows that the others bring. */
  readonly rows: number;
}

export const ALONE: Others = { lanes: 0, undecided: 0, rows: 0 };

/** A round as it ran. */
export interface PlayedTree {
  /** What the draft was asked for; plain if it was not. */
  readonly shape: TreeShape;
  /** What it and others beside it proposed, and what was verified of that. */
  readonly proposed: JoinedTree;
  readonly verified: JoinedTree;
  /** Nodes of `verified` that the target kept. */
  readonly path: Int32Array;
  /** What was written of them and the bonus. */
  readonly tokens: number;
  readonly targetMs: number;
  readonly draftMs: number;
  readonly hostMs: number;
  /** The pass that it was verified in, others included. */
  readonly pass: PassSize;
}

/** Calls of a typical network that grows by levels, at most. */
const MOST_DEPTH = 7;
/** Of the others, which cost no call a level. */
const FREE_DEPTH = 15;
const MOST_ROWS = 64;
/** A tree must beat plain by this much: one that hardly does may not. */
const PAYS = 1.02;
/** A draft that lagged behind must beat plain by this much to be called: it must first read what it missed. */
const MARGIN = 1.05;
/** Of plain's time, what trials may cost. */
const TRIAL_SHARE = 0.01;
/** Plain tokens that are saved up at most while trees lead. */
const MOST_CREDIT = 4;
/** Kept nodes that all those from before a trial count for: what was seen before a stretch of plain is old. */
const OLD = 4;
/** Rounds between two looks at what plain decoding takes while trees lead: seldom where they lead by far, soon after a surprise. */
const LOOK = { near: 32, far: 128, nearBelow: 1.4, again: 4, surprise: 1.25 };
/** Nodes that are less likely than this are left out of what is foretold. */
const UNLIKELY = 0.01;
/** Every so many calls a level more is asked for, since nobody knows what is below the last. */
const DEEPER = 16;
/** A width is tried so often before its own time is believed, and no oftener than every so many rounds. */
const TRIES = 2;
const TRY_EVERY = 4;
/** Rounds without a tree before a trial. */
const QUIET = 4;
/** Calls in vain after which another one is a trial: what is foretold of the trees does not come true. */
const VAIN = 4;
const CALL_SHARE = { first: 0.5, least: 0.08 };
const HOST_SHARE = 0.1;
/** Tokens that a drafted node of somebody else in the pass is held to bring. */
const OTHERS_NODE = 0.4;

export function createPlan({ draftLevel, host }: Costs, drafter: Pricing): Plan {
  return {
    drafter,
    calibrations: [NO_CALIBRATION, NO_CALIBRATION],
    typical: NO_TREES,
    callPace: 1,
    host: { plain: host, tree: host },
    reading: drafter.isNetwork ? draftLevel / 8 : 0,
    credit: 0,
    rounds: 0,
    drafted: 0,
    lastDrafted: 0,
    vain: 0,
  };
}

/** What is known when a round begins. */
export interface Outlook {
  readonly costs: Costs;
  readonly prices: Prices;
  readonly others: Others;
}

/** A tree that may be verified: its rows, and what it should bring and take. */
interface Offer {
  readonly rows: number;
  readonly tokens: number;
  readonly ms: number;
  /** Tokens per millisecond, others in the pass included. */
  readonly rate: number;
}

/** The most that guesses without a call may propose. */
export const freeShape = (left: number): TreeShape =>
  fitShape(shapeOf(MOST_ROWS, FREE_DEPTH), left);

/**
 * What to ask the draft for; plain leaves it alone.
 * @param left tokens that may still be written
 * @param behind rows that the draft has yet to read apart from the round
 * @param beside guesses that cost no call: where they pay as much alone, the draft isn't called
 */
export function choose(
  plan: Plan,
  outlook: Outlook,
  left: number,
  behind = 0,
  beside: DraftTree | null = null,
): TreeShape {
  if (left < 2) return PLAIN;
  if (!plan.drafter.isNetwork) return freeShape(left);
  const free = beside === null ? [] : besideLevels(plan, joinTrees(rootTree(0), beside));
  const { plain, without, depth, offer } = forecast(plan, outlook, free);
  if (!leads(offer, without, behind) || isVain(plan, outlook)) {
    // A draft that pays where nothing else does needs no trial.
    if (without !== plain && leadsAlone(plan, outlook)) return PLAIN;
    const cost =
      callMs(plan, outlook, 0) + plan.reading * plan.callPace * outlook.prices.pace * behind;
    if (plan.credit <= cost) return PLAIN;
    return fitShape(shapeOf(offer.rows, 0), left);
  }
  if (looks(outlook, offer.rate / plain.rate)) return PLAIN;
  const deeper = plan.drafted % DEEPER === DEEPER - 1 ? 1 : 0;
  const levels = Math.min(depth + deeper, mostDepth(plan.drafter));
  return fitShape(shapeOf(Math.min(MOST_ROWS, 2 * offer.rows), levels), left);
}

/** Whether the draft's typical trees pay, whatever is guessed beside them now. */
function leadsAlone(plan: Plan, outlook: Outlook): boolean {
  const { plain, offer } = forecast(plan, outlook);
  return leads(offer, plain, 0) && !isVain(plan, outlook);
}

/** What guesses beside the draft should bring: the chances of their nodes, likeliest first, by level. */
function besideLevels({ calibrations }: Plan, tree: JoinedTree): number[][] {
  const levels: number[][] = [];
  const chances = survivals(tree, calibrations, [1]);
  for (const [node, chance] of chances.entries()) {
    const level = (tree.depths[node] as number) - 1;
    if (level < 0 || chance < UNLIKELY) continue;
    while (levels.length <= level) levels.push([]);
    (levels[level] as number[]).push(chance);
  }
  return levels.map((level) => level.sort((a, b) => b - a));
}

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
  const offers = offersOf(plan, outlook, sorted, spent);
  const best = payingOffer(offers);
  if (!called && looks(outlook, best.rate / (offers[0]?.rate ?? best.rate))) {
    return keepNodes(tree, [0]);
  }
  const rows = triedWidth(plan, outlook, offers, best) ?? trialWidth(plan, outlook, offers, best);
  return keepNodes(tree, order.subarray(0, rows));
}

/** The plan after a round. */
export function observe(plan: Plan, outlook: Outlook, played: PlayedTree): Plan {
  const { shape, proposed, verified, path, tokens, pass } = played;
  const { pace } = outlook.prices;
  const called = shape.total > 1;
  const drafted = verified.tokens.length > 1;
  const alone = !called && drafted; // guesses that cost no call
  const free = alone ? besideLevels(plan, proposed) : [];
  const { plain, without, offer } = forecast(plan, outlook, free);
  const trial = alone ? without === plain : !leads(offer, plain, 0) || isVain(plan, outlook);
  // A trial that succeeds after a stretch of plain makes old what was seen before it.
  const news = trial && path.length > 1;
  const calibrations = mapBoth(plan.calibrations, (before, source) => {
    const base = news ? ageCalibration(before, OLD) : before;
    return drafted ? observeWalk(base, verified, path, toldBy(verified, source)) : base;
  });
  const rounds = plan.rounds + 1;
  const wall = roundWall(plan, outlook, played);
  const lost = (wall - tokens * plain.ms) / pass.lanes;
  const earned =
    (drafted || (called && plan.drafter.isNetwork)) && trial
      ? -lost
      : (TRIAL_SHARE * wall) / pass.lanes;
  const most = trial ? Number.POSITIVE_INFINITY : MOST_CREDIT * plain.ms;
  const host = drafted ? 'tree' : 'plain';
  return {
    ...plan,
    calibrations,
    typical: called
      ? observeTree(
          plan.typical,
          proposed.depths,
          survivals(proposed, calibrations, [0]),
          levelsOf(shape),
        )
      : plan.typical,
    callPace: called ? paceAfter(plan, outlook, shape, played.draftMs) : plan.callPace,
    host: { ...plan.host, [host]: mixed(plan.host[host], played.hostMs / pace) },
    credit: Math.min(plan.credit + earned, most),
    rounds,
    drafted: plan.drafted + Number(drafted),
    lastDrafted: drafted ? rounds : plan.lastDrafted,
    vain: called
      ? toldBy(verified, 0).some((chance) => chance > 0)
        ? 0
        : plan.vain + 1
      : plan.vain,
  };
}

/** The plan after the draft has read rows apart from a round. */
export function observeReading(plan: Plan, outlook: Outlook, rows: number, ms: number): Plan {
  if (rows === 0) return plan;
  const { plain, offer } = forecast(plan, outlook);
  const each = ms / rows / (plan.callPace * outlook.prices.pace);
  return {
    ...plan,
    reading: (plan.reading + each) / 2,
    credit: leads(offer, plain, 0) ? plan.credit : plan.credit - ms,
  };
}

/**
 * What runs and why, in one sentence. Before a draft was seen it tells what a tree costs, which was timed, and nothing of
 * what it gives, which nobody knows.
 */
export function explain(plan: Plan, outlook: Outlook): string {
  const { plain, offer } = forecast(plan, outlook);
  const name = `trees of about ${offer.rows} rows`;
  const took = `${offer.ms.toFixed(1)} ms`;
  const lead = leads(offer, plain, 0);
  if (plan.drafted === 0) {
    const cost = `take ${took}, as long as ${(offer.ms / plain.ms).toFixed(2)} plain tokens; no draft was seen yet`;
    return lead ? `${name} first: they ${cost}` : `plain at first: ${name} ${cost}`;
  }
  const speed = offer.rate / plain.rate;
  const give = `give ${offer.tokens.toFixed(2)} tokens in ${took}, ${speed.toFixed(2)}x plain's ${plain.ms.toFixed(1)} ms a token`;
  const source = `(after ${plan.rounds} rounds)`;
  return lead ? `${name}, which ${give} ${source}` : `plain, since ${name} ${give} ${source}`;
}

/** What is foretold of a round. */
interface Forecast {
  readonly plain: Offer;
  /** The best without a call: the root alone, or guesses that cost none where they pay. */
  readonly without: Offer;
  /** The best with calls, and the depth that takes. */
  readonly offer: Offer;
  readonly depth: number;
}

/**
 * What plain decoding gives, and the depth and the rows at which typical trees give most.
 * @param free chances of guesses that cost no call, by level; of those that the draft makes too nobody knows yet, so
 *   that they are taken to be the same, likeliest with likeliest
 */
function forecast(plan: Plan, outlook: Outlook, free: readonly number[][] = []): Forecast {
  const { prices, others } = outlook;
  // All answers are taken to do alike.
  const lanes = others.lanes + 1;
  const price = pricesFor(prices, lanes);
  const offerOf = (rows: number, tokens: number, spent: number): Offer => {
    const beside = (rows > 1 ? plan.host.tree : plan.host.plain) * prices.pace * lanes;
    const ms = price(rows * lanes) + spent + beside;
    return { rows, tokens, ms, rate: (tokens * lanes) / ms };
  };
  /** Trees of 1, 2, … of the likeliest nodes. */
  const treesOf = (chances: readonly number[], spent: number): Offer[] => {
    let tokens = 1;
    return [...chances]
      .sort((a, b) => b - a)
      .map((chance, i) => {
        tokens += chance;
        return offerOf(i + 2, tokens, spent);
      });
  };
  const plain = offerOf(1, 1, 0);
  const without = payingOffer([plain, ...treesOf(free.flat(), 0)]);
  const levels = typicalChances(plan.typical, TYPICAL_LEVELS);
  const deepest = mostDepth(plan.drafter);
  const byLevel = plan.drafter.isNetwork && plan.drafter.calls !== 'round';
  const chances: number[] = [];
  let [depth, offer] = [deepest, undefined as Offer | undefined];
  for (const [at, level] of levels.slice(0, deepest + 1).entries()) {
    const [best = 0] = level;
    if (offer !== undefined && best < UNLIKELY) break;
    const likely = level.filter((chance) => chance === best || chance >= UNLIKELY);
    chances.push(...likelier(likely, free[at] ?? []));
    if (!byLevel && at < levels.length - 1 && (levels[at + 1]?.[0] ?? 0) >= UNLIKELY) continue;
    const spent = callMs(plan, outlook, at);
    for (const now of treesOf([...chances, ...free.slice(at + 1).flat()], spent)) {
      if (offer !== undefined && now.rate <= offer.rate) continue;
      [depth, offer] = [byLevel ? at : deepest, now];
    }
  }
  return { plain, without, depth, offer: offer ?? plain };
}

/** Of two levels, likeliest first: the likelier of those of a rank. */
const likelier = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, rank) =>
    Math.max(a[rank] ?? 0, b[rank] ?? 0),
  );

const mapBoth = <T>(both: readonly [T, T], of: (one: T, at: 0 | 1) => T): [T, T] => [
  of(both[0], 0),
  of(both[1], 1),
];

/** Verifying the root, or it and 1, 2, … of the likeliest nodes. Whoever decides at the same time is taken to do alike. */
function offersOf(
  plan: Plan,
  { prices, others }: Outlook,
  chances: Float64Array,
  spent: number,
): Offer[] {
  const lanes = others.lanes + 1;
  const alike = others.undecided + 1;
  const decided = lanes - alike;
  const theirs = decided + OTHERS_NODE * (others.rows - decided);
  const offers: Offer[] = [];
  const price = pricesFor(prices, lanes);
  let tokens = 1;
  for (let rows = 1; rows <= chances.length + 1; rows += 1) {
    if (rows > 1) tokens += chances[rows - 2] as number;
    const beside = (rows > 1 ? plan.host.tree : plan.host.plain) * prices.pace * lanes;
    const ms = price(others.rows + alike * rows) + spent + beside;
    offers.push({ rows, tokens, ms, rate: (theirs + alike * tokens) / ms });
  }
  return offers;
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
  offers: readonly Offer[],
  best: Offer,
): number {
  const [plain, ...trees] = offers as [Offer, ...Offer[]];
  const quiet = plan.rounds - plan.lastDrafted >= QUIET * (others.lanes + 1);
  if (best.rows > 1 || !quiet) return best.rows;
  const loss = ({ rate, ms }: Offer) => ms * (1 - rate / plain.rate);
  const [first, ...rest] = trees as [Offer, ...Offer[]];
  const least = rest.reduce((a, b) => (loss(a) <= loss(b) ? a : b), first);
  return plan.credit >= loss(least) ? least.rows : best.rows;
}

const leads = (offer: Offer, plain: Offer, behind: number): boolean =>
  offer.rows > 1 && offer.rate > plain.rate * (behind > 0 ? MARGIN : PAYS);

/** The fastest tree, or the root alone where that does not pay. */
function payingOffer(offers: readonly Offer[]): Offer {
  const [plain] = offers as [Offer, ...Offer[]];
  const best = fastest(offers);
  return leads(best, plain, 0) ? best : plain;
}

const isVain = ({ drafter, vain }: Plan, { others }: Outlook): boolean =>
  drafter.isNetwork && vain >= VAIN * (others.lanes + 1);

/** Whether what plain decoding takes in this company is to be seen again. */
function looks({ prices, others }: Outlook, speed: number): boolean {
  const lanes = others.lanes + 1;
  const { passes, surprise } = lastSeen(prices, { rows: lanes, lanes });
  const due = surprise > LOOK.surprise ? LOOK.again : speed < LOOK.nearBelow ? LOOK.near : LOOK.far;
  return passes >= due * lanes;
}

const fastest = (offers: readonly Offer[]): Offer =>
  offers.reduce((a, b) => (a.rate >= b.rate ? a : b));

/** What the draft's calls for a tree so deep take. */
function callMs({ drafter, callPace }: Plan, { costs, prices }: Outlook, depth: number): number {
  if (!drafter.isNetwork) return 0;
  const calls = drafter.calls === 'round' ? 1 : 1 + depth;
  return calls * costs.draftLevel * callPace * prices.pace;
}

/** Milliseconds of a round for all texts in its pass, each part as long as twice its price at most: machines sleep. */
function roundWall(
  plan: Plan,
  outlook: Outlook,
  { shape, verified, pass, targetMs, draftMs, hostMs }: PlayedTree,
): number {
  const { prices } = outlook;
  const host = plan.host[verified.tokens.length > 1 ? 'tree' : 'plain'];
  const calls = shape.total > 1 ? callMs(plan, outlook, shape.depth) : 0;
  return (
    Math.min(targetMs, 2 * passPrice(prices, pass)) +
    Math.min(draftMs, 2 * calls) +
    Math.min(hostMs, mostHost(host) * prices.pace) * pass.lanes
  );
}

function paceAfter(plan: Plan, outlook: Outlook, { depth }: TreeShape, ms: number): number {
  const expected = callMs(plan, outlook, depth);
  if (expected === 0) return plan.callPace;
  const late = Math.min(2, Math.max(0.5, ms / expected));
  const share = Math.max(CALL_SHARE.least, CALL_SHARE.first / (plan.drafted + 1));
  return plan.callPace * late ** share;
}

/** A late round counts for twice its like at most, or a little more where that is nothing. */
const mostHost = (mean: number): number => 2 * mean + 0.2;
const mixed = (mean: number, ms: number): number =>
  mean + HOST_SHARE * (Math.min(ms, mostHost(mean)) - mean);

const mostDepth = ({ isNetwork, calls }: Pricing): number =>
  isNetwork && calls !== 'round' ? MOST_DEPTH : FREE_DEPTH;

/** A shape that leaves a choice of so many rows: a beam of about their root's width. */
function shapeOf(rows: number, depth: number): TreeShape {
  return { total: rows, depth, topK: Math.ceil(Math.sqrt(rows)) + 1 };
}

const levelsOf = ({ total, depth }: TreeShape): number => Math.min(total - 1, depth + 1);
