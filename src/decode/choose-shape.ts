import type { DraftTree, TreeShape } from '../contracts/drafter.ts';
import { besideLevels, type Forecast, forecast } from './forecast.ts';
import { joinTrees } from './join-trees.ts';
import { leads, looks } from './offers.ts';
import { callMs, isVain, MOST_ROWS, mostDepth, type Outlook, type Plan } from './plan.ts';
import { fitShape, PLAIN, rootTree } from './tree-shape.ts';

/** Every so many calls a level more is asked for, since nobody knows what is below the last. */
const DEEPER = 16;

/** Rows of a tree of guesses, at least: more of them take the host longer than they bring. */
const FEW_ROWS = 16;

/** Texts beside one. */
const CROWD = 3;

/** What guesses without a call may propose: so many rows, default the most. */
export const freeShape = (left: number, rows = MOST_ROWS): TreeShape =>
  fitShape(shapeOf(rows, mostDepth({ isNetwork: false })), left);

/** What to ask the draft for; plain leaves it alone. */
export interface Choice {
  readonly shape: TreeShape;
  /** What it goes by; null where nobody looked at trees. */
  readonly foretold: Forecast | null;
  /** Whether what the drafter proposes leads; if not, and it was asked, that was tried of what was saved up. */
  readonly leads: boolean;
}

/** Without a look at trees: what a request forces, or plain. */
export const unlooked = (shape: TreeShape): Choice => ({
  shape,
  foretold: null,
  leads: false,
});

/**
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
): Choice {
  if (left < 2 || plan.rest > 0 || isHeldUp(outlook)) return unlooked(PLAIN);
  const free = beside === null ? [] : besideLevels(plan, joinTrees(rootTree(0), beside));
  const foretold = forecast(plan, outlook, free);
  const { plain, depth, offer } = foretold;
  const lead = plan.drafter.isNetwork
    ? isWorthCalling(plan, outlook, foretold, left, behind)
    : leads(offer, plain);
  const choice = (shape: TreeShape): Choice => ({ shape, foretold, leads: lead });
  const twice = Math.min(MOST_ROWS, 2 * offer.rows); // so that a larger one can pay
  if (!plan.drafter.isNetwork) return choice(freeShape(left, Math.max(FEW_ROWS, twice)));
  if (!lead) {
    const tries = isTrialDue(plan, outlook, foretold, behind);
    return choice(tries ? fitShape(shapeOf(offer.rows, 0), left) : PLAIN);
  }
  if (looks(outlook, offer.rate / plain.rate)) return choice(PLAIN);
  const deeper = plan.drafted % DEEPER === DEEPER - 1 ? 1 : 0;
  const levels = Math.min(depth + deeper, mostDepth(plan.drafter));
  return choice(fitShape(shapeOf(twice, levels), left));
}

/** Whether a prompt is read beside several texts: it fills the passes that they wait for, where more rows are dear. */
const isHeldUp = ({ others }: Outlook): boolean => others.reading > 0 && others.lanes >= CROWD;

/** Milliseconds of the draft for rows that it reads apart from the round. */
const readingMs = ({ reading, callPace }: Plan, { prices }: Outlook, behind: number): number =>
  reading * callPace * prices.pace * behind;

/** Whether the draft's trees lead, and by as much, until the answer should end, as what it must read first takes. */
function isWorthCalling(
  plan: Plan,
  outlook: Outlook,
  { without, offer }: Forecast,
  left: number,
  behind: number,
): boolean {
  if (!leads(offer, without) || isVain(plan, outlook)) return false;
  const lanes = outlook.others.lanes + 1;
  const gain = (1 / without.rate - 1 / offer.rate) * lanes; // milliseconds a token
  return gain * Math.min(left, plan.answer) >= readingMs(plan, outlook, behind);
}

/** Whether a small tree may be tried of what was saved up: not where guesses pay, of a draft that pays without them. */
function isTrialDue(plan: Plan, outlook: Outlook, foretold: Forecast, behind: number): boolean {
  const { plain, without } = foretold;
  if (without !== plain && leadsAlone(plan, outlook)) return false;
  return plan.credit > callMs(plan, outlook, 0) + readingMs(plan, outlook, behind);
}

/** Whether the draft's typical trees pay, whatever is guessed beside them now. */
function leadsAlone(plan: Plan, outlook: Outlook): boolean {
  const { plain, offer } = forecast(plan, outlook);
  return leads(offer, plain) && !isVain(plan, outlook);
}

/** A shape that leaves a choice of so many rows: a beam of about their root's width. */
function shapeOf(rows: number, depth: number): TreeShape {
  return { total: rows, depth, topK: Math.ceil(Math.sqrt(rows)) + 1 };
}
