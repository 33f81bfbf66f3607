import type { Drafter } from '../contracts/drafter.ts';
import { type BorneOut, UNTRIED } from './borne-out.ts';
import { type Calibration, NO_CALIBRATION } from './calibration.ts';
import { type Costs, callCount } from './costs.ts';
import type { Prices } from './prices.ts';
import { NO_TREES, type TypicalTree } from './typical-tree.ts';

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
  /** Milliseconds of a round beside its passes, at a pace of 1: plain, plain after a look at trees, and with a tree. */
  readonly host: { readonly plain: number; readonly looked: number; readonly tree: number };
  /** Whether what is foretold of trees comes true: of those that call the draft, and of guesses alone. */
  readonly borneOut: { readonly called: BorneOut; readonly beside: BorneOut };
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
  /** Looks at trees in vain so far, and plain rounds to come without one. */
  readonly looks: number;
  readonly rest: number;
  /** Tokens of an answer, as the last ones had them. */
  readonly answer: number;
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
  /** Those that read a prompt. */
  readonly reading: number;
}

/** Tokens of an answer before any has ended. */
const HOPED_ANSWER = 64;

export const ALONE: Others = { lanes: 0, undecided: 0, rows: 0, reading: 0 };

export function createPlan({ draftLevel, host }: Costs, drafter: Pricing): Plan {
  return {
    drafter,
    calibrations: [NO_CALIBRATION, NO_CALIBRATION],
    typical: NO_TREES,
    callPace: 1,
    host: { plain: host, looked: host, tree: host },
    borneOut: { called: UNTRIED, beside: UNTRIED },
    reading: drafter.isNetwork ? draftLevel / 8 : 0,
    credit: 0,
    rounds: 0,
    drafted: 0,
    lastDrafted: 0,
    vain: 0,
    looks: 0,
    rest: 0,
    answer: HOPED_ANSWER,
  };
}

/** What is known when a round begins. */
export interface Outlook {
  readonly costs: Costs;
  readonly prices: Prices;
  readonly others: Others;
}

/** What the draft's calls for a tree so deep take. */
export function callMs(
  { drafter, callPace }: Plan,
  { costs, prices }: Outlook,
  depth: number,
): number {
  if (!drafter.isNetwork) return 0;
  return callCount(drafter.calls, depth) * costs.draftLevel * callPace * prices.pace;
}

/** Levels below the first of a network that is called for each, at most, and of others, where a level costs no call. */
const MOST_DEPTH = { byLevel: 7, free: 15 };
/** Most rows of a tree. */
export const MOST_ROWS = 64;

/** Whether every level of a tree costs a call. */
export const callsByLevel = ({ isNetwork, calls }: Pricing): boolean =>
  isNetwork && calls !== 'round';

export const mostDepth = (drafter: Pricing): number =>
  callsByLevel(drafter) ? MOST_DEPTH.byLevel : MOST_DEPTH.free;

/** Calls in vain after which another one is a trial: what is foretold of the trees does not come true. */
const VAIN = 4;

export const isVain = ({ drafter, vain }: Plan, { others }: Outlook): boolean =>
  drafter.isNetwork && vain >= VAIN * (others.lanes + 1);
