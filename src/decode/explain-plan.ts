import { forecast } from './forecast.ts';
import { leads } from './offers.ts';
import type { Outlook, Plan } from './plan.ts';

/**
 * What runs and why, in one sentence. Before a draft was seen it tells what a tree costs, which was timed, and nothing of
 * what it gives, which nobody knows.
 */
export function explainPlan(plan: Plan, outlook: Outlook): string {
  const { plain, offer } = forecast(plan, outlook);
  const name = `trees of about ${offer.rows} rows`;
  const took = `${offer.ms.toFixed(1)} ms`;
  const lead = leads(offer, plain);
  if (plan.drafted === 0) {
    const cost = `take ${took}, as long as ${(offer.ms / plain.ms).toFixed(2)} plain tokens; no draft was seen yet`;
    return lead ? `${name} first: they ${cost}` : `plain at first: ${name} ${cost}`;
  }
  const speed = offer.rate / plain.rate;
  const give = `give ${offer.tokens.toFixed(2)} tokens in ${took}, ${speed.toFixed(2)}x plain's ${plain.ms.toFixed(1)} ms a token`;
  const source = `(after ${plan.rounds} rounds)`;
  return lead ? `${name}, which ${give} ${source}` : `plain, since ${name} ${give} ${source}`;
}
