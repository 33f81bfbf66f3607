import type { JoinedTree } from './join-trees.ts';
import { growingOffers, type Offer, offering, payingOffer } from './offers.ts';
import { callMs, callsByLevel, mostDepth, type Outlook, type Plan } from './plan.ts';
import { survivals } from './survivals.ts';
import { TYPICAL_LEVELS, typicalChances } from './typical-tree.ts';

/** Nodes that are less likely than this are left out of what is foretold. */
const UNLIKELY = 0.01;

/** What is foretold of a round. */
export interface Forecast {
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
export function forecast(plan: Plan, outlook: Outlook, free: readonly number[][] = []): Forecast {
  // All answers are taken to do alike.
  const alike = outlook.others.lanes + 1;
  const company = { alike, rows: 0, tokens: 0 };
  const offerOf = offering(plan, outlook, company, plan.borneOut.called);
  const besideOf = offering(plan, outlook, company, plan.borneOut.beside);
  const plain = offerOf(1, 1, 0);
  const likeliestFirst = (chances: readonly number[]) => [...chances].sort((a, b) => b - a);
  const [, ...guesses] = growingOffers(besideOf, likeliestFirst(free.flat()), 0);
  const without = payingOffer([plain, ...guesses]);
  const levels = typicalChances(plan.typical, TYPICAL_LEVELS);
  const deepest = mostDepth(plan.drafter);
  const byLevel = callsByLevel(plan.drafter);
  const chances: number[] = [];
  let [depth, offer] = [deepest, undefined as Offer | undefined];
  for (const [at, level] of levels.slice(0, deepest + 1).entries()) {
    const [best = 0] = level;
    if (offer !== undefined && best < UNLIKELY) break;
    const likely = level.filter((chance) => chance === best || chance >= UNLIKELY);
    chances.push(...likelier(likely, free[at] ?? []));
    if (!byLevel && at < levels.length - 1 && (levels[at + 1]?.[0] ?? 0) >= UNLIKELY) continue;
    const all = likeliestFirst([...chances, ...free.slice(at + 1).flat()]);
    const [, ...trees] = growingOffers(offerOf, all, callMs(plan, outlook, at));
    for (const tree of trees) {
      if (offer !== undefined && tree.rate <= offer.rate) continue;
      [depth, offer] = [byLevel ? at : deepest, tree];
    }
  }
  return { plain, without, depth, offer: offer ?? plain };
}

/** Of two levels, likeliest first: the likelier of those of a rank. */
const likelier = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, rank) =>
    Math.max(a[rank] ?? 0, b[rank] ?? 0),
  );

/** What guesses beside the draft should bring: the chances of their nodes, likeliest first, by level. */
export function besideLevels({ calibrations }: Plan, tree: JoinedTree): number[][] {
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
