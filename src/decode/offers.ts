import { type BorneOut, UNTRIED } from './borne-out.ts';
import type { Outlook, Plan } from './plan.ts';
import { lastSeen, pricesFor } from './prices.ts';

/** A tree that may be verified: its rows, and what it should bring and take. */
export interface Offer {
  readonly rows: number;
  readonly tokens: number;
  readonly ms: number;
  /** Tokens per millisecond, others in the pass included. */
  readonly rate: number;
}

/** The pass that a tree is verified in: how many do as its text does, itself included, and what the others bring. */
interface Company {
  readonly alike: number;
  readonly rows: number;
  readonly tokens: number;
}

/** A tree must beat plain by this much: one that hardly does may not. */
export const PAYS = 1.02;
/** Rounds between two looks at what plain decoding takes while trees lead: seldom where they lead by far, soon after a surprise. */
const LOOK = { near: 32, far: 128, nearBelow: 1.4, again: 4, surprise: 1.25 };

/**
 * What a tree of so many rows and tokens is in that company, after calls of `spent` milliseconds.
 * @param believed how far what is foretold of such trees comes true. Default: wholly
 */
export function offering(
  plan: Plan,
  { prices, others }: Outlook,
  { alike, rows: theirs, tokens: brought }: Company,
  believed: BorneOut = UNTRIED,
): (rows: number, tokens: number, spent: number) => Offer {
  const lanes = others.lanes + 1;
  const price = pricesFor(prices, lanes);
  return (rows, hoped, spent) => {
    const [host, factor] = rows > 1 ? [plan.host.tree, believed] : [plan.host.plain, UNTRIED];
    const ms = (price(theirs + alike * rows) + spent + host * prices.pace * lanes) * factor.ms;
    const tokens = Math.max(1, hoped * factor.tokens);
    return { rows, tokens, ms, rate: (brought + alike * tokens) / ms };
  };
}

/** The root alone, and it with 1, 2, … of the nodes that have these chances, likeliest first. */
export function growingOffers(
  offer: ReturnType<typeof offering>,
  chances: Iterable<number>,
  spent: number,
): [Offer, ...Offer[]] {
  let tokens = 1;
  const offers: [Offer, ...Offer[]] = [offer(1, tokens, spent)];
  for (const chance of chances) {
    tokens += chance;
    offers.push(offer(offers.length + 1, tokens, spent));
  }
  return offers;
}

export const leads = (offer: Offer, plain: Offer): boolean =>
  offer.rows > 1 && offer.rate > plain.rate * PAYS;

/** The fastest tree, or the root alone where that does not pay. */
export function payingOffer(offers: readonly Offer[]): Offer {
  const [plain] = offers as [Offer, ...Offer[]];
  const best = fastest(offers);
  return leads(best, plain) ? best : plain;
}

/** Whether what plain decoding takes in this company is to be seen again. */
export function looks({ prices, others }: Outlook, speed: number): boolean {
  const lanes = others.lanes + 1;
  const { passes, surprise } = lastSeen(prices, { rows: lanes, lanes });
  const due = surprise > LOOK.surprise ? LOOK.again : speed < LOOK.nearBelow ? LOOK.near : LOOK.far;
  return passes >= due * lanes;
}

const fastest = (offers: readonly Offer[]): Offer =>
  offers.reduce((a, b) => (a.rate >= b.rate ? a : b));
