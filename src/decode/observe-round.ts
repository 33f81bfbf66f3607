import type { TreeShape } from '../contracts/drafter.ts';
import { ageCalibration, observeWalk } from './calibration.ts';
import { besideLevels, forecast } from './forecast.ts';
import { type JoinedTree, toldBy } from './join-trees.ts';
import { leads } from './offers.ts';
import { callMs, isVain, type Outlook, type Plan } from './plan.ts';
import { type PassSize, passPrice } from './prices.ts';
import { survivals } from './survivals.ts';
import { shapeLevels } from './tree-shape.ts';
import { observeTree } from './typical-tree.ts';

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

/** Of plain's time, what trials may cost. */
const TRIAL_SHARE = 0.01;
/** Plain tokens that are saved up at most while trees lead. */
const MOST_CREDIT = 4;
/** Kept nodes that all those from before a trial count for: what was seen before a stretch of plain is old. */
const OLD = 4;
const CALL_SHARE = { first: 0.5, least: 0.08 };
const HOST_SHARE = 0.1;

/** The plan after a round. */
export function observeRound(plan: Plan, outlook: Outlook, played: PlayedTree): Plan {
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
          shapeLevels(shape),
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

const mapBoth = <T>(both: readonly [T, T], of: (one: T, at: 0 | 1) => T): [T, T] => [
  of(both[0], 0),
  of(both[1], 1),
];

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
