import { bearOut, halfForgotten } from './borne-out.ts';
import { ageCalibration, observeWalk } from './calibration.ts';
import type { Choice } from './choose-shape.ts';
import { forecast } from './forecast.ts';
import { type JoinedTree, toldBy } from './join-trees.ts';
import { leads, offering } from './offers.ts';
import { callMs, isVain, type Outlook, type Plan } from './plan.ts';
import { type PassSize, passPrice } from './prices.ts';
import { survivals } from './survivals.ts';
import { shapeLevels } from './tree-shape.ts';
import { observeTree } from './typical-tree.ts';

/** A round as it ran. */
export interface PlayedTree {
  /** What the draft was asked for, plain if it was not, and what that went by. */
  readonly choice: Choice;
  /** What it and others beside it proposed, and what was verified of that. */
  readonly proposed: JoinedTree;
  readonly verified: JoinedTree;
  /** Nodes of `verified` that the target kept. */
  readonly path: Int32Array;
  /** What was written of them and the bonus. */
  readonly tokens: number;
  readonly targetMs: number;
  readonly draftMs: number;
  /** From the end of the round before to the end of this one, what the sessions took apart. */
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
const READING_SHARE = 0.3;
const HOST_SHARE = 0.1;
/** Of plain's time, what looks at trees in vain may take, and the plain passes between two of them at most. */
const LOOKS = { share: 0.01, mostRest: 32 };
/** Every so many looks in vain one is left out: what they take is told by what rounds without one do. */
const LEFT_OUT = 16;

/** The plan after a round. */
export function observeRound(plan: Plan, outlook: Outlook, played: PlayedTree): Plan {
  const { choice, proposed, verified, path, tokens, pass } = played;
  const { shape } = choice;
  const called = shape.total > 1;
  const calls = called && plan.drafter.isNetwork;
  const drafted = verified.tokens.length > 1;
  const trial = isTrial(plan, outlook, played);
  // A trial that succeeds after a stretch of plain makes old what was seen before it.
  const news = trial && path.length > 1;
  const calibrations = mapBoth(plan.calibrations, (before, source) => {
    const base = news ? ageCalibration(before, OLD) : before;
    return drafted ? observeWalk(base, verified, path, toldBy(verified, source)) : base;
  });
  const rounds = plan.rounds + 1;
  const wall = roundWall(plan, outlook, played);
  const plainMs = plainOffer(plan, outlook).ms;
  const lost = (wall - tokens * plainMs) / pass.lanes;
  const earned = (drafted || calls) && trial ? -lost : (TRIAL_SHARE * wall) / pass.lanes;
  const most = trial ? Number.POSITIVE_INFINITY : MOST_CREDIT * plainMs;
  const forced = choice.foretold === null && plan.rest === 0;
  return {
    ...plan,
    ...lookedAfter(plan, outlook, played, trial),
    calibrations,
    borneOut: borneOutBy(plan, played, { trial, news, wall }),
    typical: called
      ? observeTree(
          plan.typical,
          proposed.depths,
          survivals(proposed, calibrations, [0]),
          shapeLevels(shape),
        )
      : plan.typical,
    callPace: called ? paceAfter(plan, outlook, shape.depth, played.draftMs) : plan.callPace,
    host: hostAfter(plan, outlook, played),
    credit: forced ? plan.credit : Math.min(plan.credit + earned, most),
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

const plainOffer = (plan: Plan, outlook: Outlook) =>
  offering(plan, outlook, { alike: outlook.others.lanes + 1, rows: 0, tokens: 0 })(1, 1, 0);

/** Whether trees did not lead by what was foretold, so that one that was verified was tried of what was saved up. */
function isTrial(plan: Plan, outlook: Outlook, { choice, verified }: PlayedTree): boolean {
  const { shape, foretold } = choice;
  if (foretold === null) return plan.rest > 0;
  const alone = shape.total === 1 && verified.tokens.length > 1; // guesses that cost no call
  if (alone) return foretold.without === foretold.plain;
  return !choice.leads || isVain(plan, outlook);
}

/** What is made of a tree, and of a trial that succeeds: then what was seen before it is old. */
function borneOutBy(
  { borneOut, drafter }: Plan,
  { choice: { shape, foretold }, tokens, verified }: PlayedTree,
  { trial, news, wall }: { trial: boolean; news: boolean; wall: number },
): Plan['borneOut'] {
  const calls = shape.total > 1;
  const source = calls ? 'called' : 'beside';
  if (foretold === null || (verified.tokens.length === 1 && !(calls && drafter.isNetwork)))
    return borneOut;
  if (news) return { ...borneOut, [source]: halfForgotten(borneOut[source]) };
  if (trial) return borneOut;
  const said = calls ? foretold.offer : foretold.without;
  return { ...borneOut, [source]: bearOut(borneOut[source], said, { tokens, ms: wall }) };
}

/** Looks in vain are counted, and rarer the more they take. */
function lookedAfter(
  plan: Plan,
  outlook: Outlook,
  { choice: { shape, foretold }, verified }: PlayedTree,
  trial: boolean,
): Pick<Plan, 'looks' | 'rest'> {
  const { looks, host } = plan;
  if (foretold === null) return { looks, rest: Math.max(0, plan.rest - 1) };
  const called = shape.total > 1 && plan.drafter.isNetwork;
  const vain = trial && foretold.without === foretold.plain;
  if (!vain || called || verified.tokens.length > 1) return { looks, rest: 0 };
  const lanes = outlook.others.lanes + 1;
  const look = Math.max(0, host.looked - host.plain) * outlook.prices.pace * lanes;
  const passes = Math.floor(look / (LOOKS.share * plainOffer(plan, outlook).ms));
  const least = looks % LEFT_OUT === LEFT_OUT - 1 ? 1 : 0;
  // Whoever is in a pass looks and rests with it.
  const rest = lanes * Math.max(least, Math.min(LOOKS.mostRest, passes));
  return { looks: looks + 1, rest };
}

/** What rounds of that kind take beside their passes. */
function hostAfter(
  { host, drafter }: Plan,
  { prices }: Outlook,
  { choice: { shape, foretold }, verified, hostMs }: PlayedTree,
): Plan['host'] {
  const grown = verified.tokens.length > 1 || (shape.total > 1 && drafter.isNetwork);
  const kind = grown ? 'tree' : foretold === null ? 'plain' : 'looked';
  return { ...host, [kind]: mixed(host[kind], hostMs / prices.pace) };
}

/** The plan after an answer has ended by itself or at its limit. */
export const observeAnswer = (plan: Plan, tokens: number): Plan => ({
  ...plan,
  answer: plan.answer + ANSWER_SHARE * (tokens - plan.answer),
});
const ANSWER_SHARE = 0.2;

/** The plan after the draft has read rows apart from a round. */
export function observeReading(plan: Plan, outlook: Outlook, rows: number, ms: number): Plan {
  if (rows === 0) return plan;
  const { plain, offer } = forecast(plan, outlook);
  const each = ms / rows / (plan.callPace * outlook.prices.pace);
  const late = plan.reading === 0 ? 1 : Math.min(2, Math.max(0.5, each / plan.reading));
  return {
    ...plan,
    reading: plan.reading === 0 ? each : plan.reading * late ** READING_SHARE,
    credit: leads(offer, plain) ? plan.credit : plan.credit - ms,
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
  { choice: { shape }, verified, pass, targetMs, draftMs, hostMs }: PlayedTree,
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

function paceAfter(plan: Plan, outlook: Outlook, depth: number, ms: number): number {
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
