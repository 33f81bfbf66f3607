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
const ANSWER_SHARE = 0.2;
const HOST_SHARE = 0.1;
/** Of plain's time, what looks at trees in vain may take, and the plain passes between two of them at most. */
const LOOKS = { share: 0.01, mostRest: 32 };
/** Every so many looks in vain one is left out: what they take is told by what rounds without one do. */
const LEFT_OUT = 16;

/** The plan after a round. */
export function observeRound(plan: Plan, outlook: Outlook, played: PlayedTree): Plan {
  const { choice, proposed, verified, path, tokens, pass } = played;
  const { shape } = choice;
  const judged = judge(plan, outlook, played);
  const { called, drafted, grown, trial, news, wall, plainMs } = judged;
  const calibrations = mapBoth(plan.calibrations, (before, source) => {
    const base = news ? ageCalibration(before, OLD) : before;
    return drafted ? observeWalk(base, verified, path, toldBy(verified, source)) : base;
  });
  const rounds = plan.rounds + 1;
  const lost = (wall - tokens * plainMs) / pass.lanes;
  const earned = grown && trial ? -lost : (TRIAL_SHARE * wall) / pass.lanes;
  const most = trial ? Number.POSITIVE_INFINITY : MOST_CREDIT * plainMs;
  const forced = choice.foretold === null && plan.rest === 0;
  return {
    ...plan,
    ...lookedAfter(plan, outlook, choice, judged),
    calibrations,
    borneOut: borneOutBy(plan, played, judged),
    typical: called
      ? observeTree(
          plan.typical,
          proposed.depths,
          survivals(proposed, calibrations, [0]),
          shapeLevels(shape),
        )
      : plan.typical,
    callPace: called ? paceAfter(plan, outlook, shape.depth, played.draftMs) : plan.callPace,
    host: hostAfter(plan, outlook, played, judged),
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

/** What kind of round it was, and what that took beside plain decoding. */
interface Judged {
  /** The drafter was asked. */
  readonly called: boolean;
  /** More than the root was verified. */
  readonly drafted: boolean;
  /** That, or a network was called for it. */
  readonly grown: boolean;
  /** Trees did not lead by what was foretold: one that was grown was tried of what was saved up. */
  readonly trial: boolean;
  /** A trial that succeeds after a stretch of plain makes old what was seen before it. */
  readonly news: boolean;
  /** Milliseconds, for all texts in the pass: of the round, and of a plain one. */
  readonly wall: number;
  readonly plainMs: number;
}

function judge(plan: Plan, outlook: Outlook, played: PlayedTree): Judged {
  const { choice, verified, path } = played;
  const called = choice.shape.total > 1;
  const drafted = verified.tokens.length > 1;
  const trial = isTrial(plan, outlook, choice, !called && drafted);
  const company = { alike: outlook.others.lanes + 1, rows: 0, tokens: 0 };
  return {
    ...{ called, drafted, grown: drafted || (called && plan.drafter.isNetwork) },
    ...{ trial, news: trial && path.length > 1 },
    wall: roundWall(plan, outlook, played),
    plainMs: offering(plan, outlook, company)(1, 1, 0).ms,
  };
}

/** @param alone whether only guesses that cost no call were verified */
function isTrial(
  plan: Plan,
  outlook: Outlook,
  { foretold, leads: lead }: Choice,
  alone: boolean,
): boolean {
  if (foretold === null) return plan.rest > 0;
  if (alone) return foretold.without === foretold.plain;
  return !lead || isVain(plan, outlook);
}

/** What trees of that source brought, as far as it was foretold. */
function borneOutBy(
  { borneOut }: Plan,
  { choice: { foretold }, tokens }: PlayedTree,
  { called, grown, trial, news, wall }: Judged,
): Plan['borneOut'] {
  const source = called ? 'called' : 'beside';
  if (foretold === null || !grown) return borneOut;
  if (news) return { ...borneOut, [source]: halfForgotten(borneOut[source]) };
  if (trial) return borneOut;
  const said = called ? foretold.offer : foretold.without;
  return { ...borneOut, [source]: bearOut(borneOut[source], said, { tokens, ms: wall }) };
}

/** Looks in vain are counted, and rarer the more they take. */
function lookedAfter(
  { looks, rest: left, host }: Plan,
  { others, prices }: Outlook,
  { foretold }: Choice,
  { grown, trial, plainMs }: Judged,
): Pick<Plan, 'looks' | 'rest'> {
  if (foretold === null) return { looks, rest: Math.max(0, left - 1) };
  const vain = trial && !grown && foretold.without === foretold.plain;
  if (!vain) return { looks, rest: 0 };
  const lanes = others.lanes + 1;
  const look = Math.max(0, host.looked - host.plain) * prices.pace * lanes;
  const passes = Math.floor(look / (LOOKS.share * plainMs));
  const least = looks % LEFT_OUT === LEFT_OUT - 1 ? 1 : 0;
  // Whoever is in a pass looks and rests with it.
  const rest = lanes * Math.max(least, Math.min(LOOKS.mostRest, passes));
  return { looks: looks + 1, rest };
}

/** What rounds of that kind take beside their passes. */
function hostAfter(
  { host }: Plan,
  { prices }: Outlook,
  { choice: { foretold }, hostMs }: PlayedTree,
  { grown }: Judged,
): Plan['host'] {
  const kind = grown ? 'tree' : foretold === null ? 'plain' : 'looked';
  return { ...host, [kind]: mixed(host[kind], hostMs / prices.pace) };
}

/** The plan after an answer has ended by itself or at its limit. */
export const observeAnswer = (plan: Plan, tokens: number): Plan => ({
  ...plan,
  answer: plan.answer + ANSWER_SHARE * (tokens - plan.answer),
});

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
