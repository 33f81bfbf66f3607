import type { DraftTree, TreeShape } from '../contracts/drafter.ts';
import { besideLevels, forecast } from './forecast.ts';
import { joinTrees } from './join-trees.ts';
import { leads, looks } from './offers.ts';
import { callMs, isVain, MOST_ROWS, mostDepth, type Outlook, type Plan } from './plan.ts';
import { fitShape, PLAIN, rootTree } from './tree-shape.ts';

/** Every so many calls a level more is asked for, since nobody knows what is below the last. */
const DEEPER = 16;

/** The most that guesses without a call may propose. */
export const freeShape = (left: number): TreeShape =>
  fitShape(shapeOf(MOST_ROWS, mostDepth({ isNetwork: false })), left);

/**
 * What to ask the draft for; plain leaves it alone.
 * @param left tokens that may still be written
 * @param behind rows that the draft has yet to read apart from the round
 * @param beside guesses that cost no call: where they pay as much alone, the draft isn't called
 */
export function chooseShape(
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

/** A shape that leaves a choice of so many rows: a beam of about their root's width. */
function shapeOf(rows: number, depth: number): TreeShape {
  return { total: rows, depth, topK: Math.ceil(Math.sqrt(rows)) + 1 };
}
