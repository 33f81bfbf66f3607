import type { TreeShape } from '../contracts/drafter.ts';
import {
  type Acceptance,
  capAcceptance,
  expectedTokens,
  observeWalk,
  stepChances,
} from './acceptance.ts';
import { type Costs, roundMs } from './costs.ts';
import { shapeLevels } from './tree-shape.ts';

/**
 * Tokens per millisecond of each choice of tree. Both halves are shared knowledge with a tree's own correction. Tokens:
 * the walks of all trees, then its own. Time: what was measured at load, times the machine's present pace, times its
 * own. So one tree's rounds teach all, and a machine that slows down is not taken for a tree that does.
 */
export interface Rates {
  readonly costs: Costs;
  readonly arms: readonly Arm[];
  readonly walks: Acceptance;
  /** How slow the machine is now, as a factor of load time. */
  readonly pace: number;
  readonly rounds: number;
}

/** A choice and what is known of it alone. */
interface Arm {
  readonly shape: TreeShape;
  readonly walks: Acceptance;
  /** How slow it is beside what load time and the machine's pace say, as a factor. */
  readonly pace: number;
  readonly runs: number;
  /** The round that it last ran in. */
  readonly ran: number;
}

/** What a round of one choice is expected to give. */
export interface Estimate {
  readonly shape: TreeShape;
  readonly ran: number;
  readonly tokens: number;
  readonly ms: number;
  /** Tokens per millisecond. */
  readonly rate: number;
}

/** Chance of the first step before any walk: a trained draft's, so that every draft is tried; worth two walks. */
const HOPE = 0.7;
const HOPE_WEIGHT = 2;
/** Walks of its own from which a tree's own acceptance outweighs that of all trees. */
const SHARED_WEIGHT = 6;
/**
 * A round's time beside its estimate teaches both paces, each by a power: the machine's, and the tree's own, which is
 * to blame at first and hardly later.
 */
const PACE_SHARE = 0.2;
const OWN_PACE_SHARE = { first: 0.5, least: 0.05 };

export function createRates(costs: Costs, shapes: readonly TreeShape[]): Rates {
  const arms = shapes.map((shape) => ({ shape, walks: [], pace: 1, runs: 0, ran: 0 }));
  return { costs, arms, walks: [], pace: 1, rounds: 0 };
}

/** One estimate for each choice, in their order. */
export function estimate({ costs, arms, walks, pace }: Rates): Estimate[] {
  return arms.map((arm) => {
    const { shape, ran } = arm;
    const levels = shapeLevels(shape);
    const shared = stepChances(walks, levels, (_, above) => above ?? HOPE, HOPE_WEIGHT);
    const chances = stepChances(arm.walks, levels, (d) => shared[d] as number, SHARED_WEIGHT);
    const tokens = expectedTokens(chances);
    const ms = roundMs(costs, shape) * pace * arm.pace;
    return { shape, ran, tokens, ms, rate: tokens / ms };
  });
}

/** The rates after a round of the choice that an estimate was made for: what it accepted, and how long it took. */
export function learn(
  rates: Rates,
  { shape, ms: expected }: Estimate,
  accepted: number,
  ms: number,
): Rates {
  const rounds = rates.rounds + 1;
  const levels = shapeLevels(shape);
  // One late round must not pass for a slow tree: at most a factor of 2.
  const late = Math.min(2, Math.max(0.5, ms / expected));
  return {
    ...rates,
    arms: rates.arms.map((arm) => {
      if (arm.shape !== shape) return arm;
      const share = Math.max(OWN_PACE_SHARE.least, OWN_PACE_SHARE.first / (arm.runs + 1));
      return {
        shape,
        walks: observeWalk(arm.walks, accepted, levels),
        pace: arm.pace * late ** share,
        runs: arm.runs + 1,
        ran: rounds,
      };
    }),
    walks: observeWalk(rates.walks, accepted, levels),
    pace: rates.pace * late ** PACE_SHARE,
    rounds,
  };
}

/** The same rates, with the walks so far worth at most `most` new ones. */
export function ageWalks(rates: Rates, most: number): Rates {
  return {
    ...rates,
    arms: rates.arms.map((arm) => ({ ...arm, walks: capAcceptance(arm.walks, most) })),
    walks: capAcceptance(rates.walks, most),
  };
}
