import type { TreeShape } from '../contracts/drafter.ts';
import type { RoundStats } from '../contracts/generate.ts';
import {
  type Acceptance,
  expectedTokens,
  fadeAcceptance,
  observeWalk,
  stepChances,
} from './acceptance.ts';
import { type Costs, roundMs } from './costs.ts';
import { type DecayedMean, meanWithPrior, observeMean, UNSEEN } from './decayed-mean.ts';
import { PLAIN, shapeLevels, shapeName } from './tree-shape.ts';

/**
 * Never slower than plain: before each round, the tree (or none) with the most tokens per millisecond.
 *
 * Both halves of that rate are shared knowledge times a tree's own correction. Tokens: the step chances of all walks so
 * far, then the tree's own. Time: what was measured at load, times the machine's present pace, then the tree's own.
 * So one tree's rounds teach all of them, and a machine that slows down is not taken for a tree that does.
 */
export interface Plan {
  readonly costs: Costs;
  /** Plain decoding first. */
  readonly arms: readonly [Arm, ...Arm[]];
  readonly walks: Acceptance;
  /** Round time over roundMs, of whatever ran lately. */
  readonly pace: DecayedMean;
  readonly rounds: number;
  readonly probe: Probe;
}

/** A choice and what is known of it alone. */
interface Arm {
  readonly shape: TreeShape;
  readonly walks: Acceptance;
  /** Round time over roundMs times the pace. */
  readonly pace: DecayedMean;
  /** When it last ran, in rounds. */
  readonly ran: number;
}

/** Rounds that are spent on others than the leader. */
interface Probe {
  /** Rounds since the last one, and how many to wait for the next. */
  readonly since: number;
  readonly wait: number;
  /** Tokens that the running trial of a tree is ahead of plain; a trial goes on while it pays. */
  readonly credit: number;
}

interface Estimate {
  readonly arm: Arm;
  readonly tokens: number;
  readonly ms: number;
  /** Tokens per millisecond. */
  readonly rate: number;
}

/** Chance of the first step before any walk: a trained draft's, so that every draft is tried; worth two walks. */
const HOPE = 0.7;
const HOPE_WEIGHT = 2;
/** A tree's own walks against all walks. */
const SHARED_WEIGHT = 6;
const FADE = 0.98;
/** A wider tree misses less: the miss rate falls with this power of its size, fitted to a trained pair at 8 and 59. */
const BREADTH = 0.06;
/** All choices share the pace, so it may be quick; a choice's own pace decides, so it is slow. */
const PACE_DECAY = 0.8;
const OWN_PACE_DECAY = 0.95;
const OWN_PACE_WEIGHT = 0.25;
/** A tree must beat plain by this much to lead. */
const MARGIN = 1.03;
/** Rounds between trials of a tree while plain leads, and between looks at the others while a tree leads. */
const TRIAL_WAIT = { first: 32, most: 512 };
const LOOK_WAIT = { first: 4, most: 64 };
/** Most that trials may cost, as a share of plain. */
const TRIAL_SHARE = 0.02;
/** While a tree leads, a look at another tree is worth a round if its rate is at least this share of the leader's. */
const RIVAL = 0.75;

/** @param trees shapes to choose from, besides plain decoding */
export function createPlan(costs: Costs, trees: readonly TreeShape[]): Plan {
  const arm = (shape: TreeShape): Arm => ({ shape, walks: [], pace: UNSEEN, ran: 0 });
  const plan: Plan = {
    costs,
    arms: [arm(PLAIN), ...trees.map(arm)],
    walks: [],
    pace: UNSEEN,
    rounds: 0,
    probe: { since: 0, wait: 0, credit: 0 },
  };
  return { ...plan, probe: freshProbe(estimates(plan)) };
}

/** The shape of the next round. */
export function choose(plan: Plan): TreeShape {
  const all = estimates(plan);
  const lead = leader(all);
  const { since, wait, credit } = plan.probe;
  if (since < wait && credit <= 0) return lead.arm.shape;
  return (isPlain(lead) ? cheapestTree(all) : stalestRival(all, lead))?.arm.shape ?? PLAIN;
}

/**
 * The plan after a round of one of its shapes; a round of another shape teaches nothing. Leave out the round that ended
 * an answer: its walk was cut.
 */
export function observe(plan: Plan, shape: TreeShape, round: RoundStats): Plan {
  const ran = plan.arms.findIndex((arm) => shapeName(arm.shape) === shapeName(shape));
  const before = estimates(plan);
  const played = before[ran];
  if (played === undefined) return plan;

  const ms = round.targetMs + round.draftMs + round.hostMs;
  const ratio = ms / roundMs(plan.costs, shape, round.nodes);
  const pace = observeMean(plan.pace, near(ratio, paceOf(plan)), PACE_DECAY);
  const after = { ...plan, pace, rounds: plan.rounds + 1 };
  const own = ms / (roundMs(plan.costs, shape, shape.total) * paceOf(after));
  const levels = shapeLevels(shape);
  const learn = (arm: Arm, index: number): Arm => {
    const walks = levels > 0 ? fadeAcceptance(arm.walks, FADE) : arm.walks;
    if (index !== ran) return { ...arm, walks };
    return {
      ...arm,
      walks: observeWalk(walks, round.accepted, levels),
      pace: observeMean(arm.pace, near(own, ownPaceOf(arm)), OWN_PACE_DECAY),
      ran: after.rounds,
    };
  };
  const [plain, ...trees] = plan.arms;
  const learnt: Plan = {
    ...after,
    arms: [learn(plain, 0), ...trees.map((arm, i) => learn(arm, i + 1))],
    walks: observeWalk(plan.walks, round.accepted, levels, 1 / missScale(shape)),
  };

  const now = estimates(learnt);
  const changed = isPlain(leader(now)) !== isPlain(leader(before));
  const gain = round.accepted + 1 - ms / before[0].ms;
  const probe = changed ? freshProbe(now) : nextProbe(plan.probe, played, leader(before), gain);
  return { ...learnt, probe };
}

/** What the next rounds will be and why, in a sentence. */
export function explain(plan: Plan): string {
  const all = estimates(plan);
  const [plain] = all;
  const lead = leader(all);
  const tree = isPlain(lead) ? fastest(all.slice(1)) : lead;
  if (tree === undefined) return `plain, ${plain.ms.toFixed(1)} ms a token: nothing drafts`;
  const speed = (tree.rate / plain.rate).toFixed(2);
  const facts = `${tree.tokens.toFixed(2)} tokens in ${tree.ms.toFixed(1)} ms against 1 in ${plain.ms.toFixed(1)} ms, ${speed}x of plain`;
  const name = shapeName(tree.arm.shape);
  const evidence = plan.rounds === 0 ? 'by load-time costs' : `after ${plan.rounds} rounds`;
  return isPlain(lead)
    ? `plain, since tree ${name} would give ${facts} (${evidence})`
    : `tree ${name}, which gives ${facts} (${evidence})`;
}

function estimates(plan: Plan): [Estimate, ...Estimate[]] {
  const estimate = (arm: Arm): Estimate => {
    const levels = shapeLevels(arm.shape);
    const shared = stepChances(plan.walks, levels, (_, above) => above ?? HOPE, HOPE_WEIGHT);
    const scale = missScale(arm.shape);
    const sized = (depth: number) => Math.max(0, 1 - scale * (1 - (shared[depth] as number)));
    const tokens = expectedTokens(stepChances(arm.walks, levels, sized, SHARED_WEIGHT));
    const ms = roundMs(plan.costs, arm.shape, arm.shape.total) * paceOf(plan) * ownPaceOf(arm);
    return { arm, tokens, ms, rate: tokens / ms };
  };
  const [plain, ...trees] = plan.arms;
  return [estimate(plain), ...trees.map(estimate)];
}

function leader(all: readonly [Estimate, ...Estimate[]]): Estimate {
  const [plain, ...trees] = all;
  const tree = fastest(trees);
  return tree !== undefined && tree.rate > plain.rate * MARGIN ? tree : plain;
}

function fastest(some: readonly Estimate[]): Estimate | undefined {
  return some.reduce<Estimate | undefined>((a, b) => (a && a.rate >= b.rate ? a : b), undefined);
}

function cheapestTree([, ...trees]: readonly Estimate[]): Estimate | undefined {
  return trees.reduce<Estimate | undefined>((a, b) => (a && a.ms <= b.ms ? a : b), undefined);
}

/** Of plain and the trees that could overtake the leader, the one seen longest ago. */
function stalestRival(all: readonly Estimate[], lead: Estimate): Estimate | undefined {
  return all
    .filter((one) => one !== lead && (isPlain(one) || one.rate >= RIVAL * lead.rate))
    .reduce<Estimate | undefined>((a, b) => (a && a.arm.ran <= b.arm.ran ? a : b), undefined);
}

function freshProbe(all: readonly [Estimate, ...Estimate[]]): Probe {
  if (!isPlain(leader(all))) return { since: 0, wait: LOOK_WAIT.first, credit: 0 };
  const price = (cheapestTree(all)?.ms ?? 0) / all[0].ms - 1;
  const wait = Math.max(TRIAL_WAIT.first, Math.ceil(price / TRIAL_SHARE));
  return { since: 0, wait, credit: 0 };
}

/** @param gain tokens of the round above what plain would have written in its time */
function nextProbe(probe: Probe, played: Estimate, lead: Estimate, gain: number): Probe {
  if (played.arm === lead.arm) return { ...probe, since: probe.since + 1 };
  const credit = isPlain(lead) ? probe.credit + gain : 0;
  if (credit > 0) return { ...probe, credit };
  const { most } = isPlain(lead) ? TRIAL_WAIT : LOOK_WAIT;
  return { since: 0, wait: Math.max(probe.wait, Math.min(2 * probe.wait, most)), credit: 0 };
}

function isPlain({ arm }: Estimate): boolean {
  return arm.shape.total === 1;
}

function paceOf({ pace }: Plan): number {
  return meanWithPrior(pace, 1, 1);
}

function ownPaceOf({ pace }: Arm): number {
  return meanWithPrior(pace, 1, OWN_PACE_WEIGHT);
}

function missScale({ total }: TreeShape): number {
  return (16 / total) ** BREADTH;
}

/** One late round must not pass for a slow tree: at most a factor of 2 from what was expected. */
function near(value: number, expected: number): number {
  return Math.min(2 * expected, Math.max(expected / 2, value));
}
