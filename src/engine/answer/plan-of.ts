import type { Drafter } from '../../contracts/drafter.ts';
import { createPlan, type Plan } from '../../decode/planner.ts';
import type { AnswerContext } from './answer-state.ts';
import { AUTO_TREES } from './trees.ts';

/** What is known about a drafter's trees: of its rounds so far, or else from the costs measured at load. */
export function planOf({ plans, model }: AnswerContext, { name, isNetwork }: Drafter): Plan {
  const costs = isNetwork ? model.costs : { ...model.costs, draftLevel: 0 };
  return plans.get(name) ?? createPlan(costs, AUTO_TREES);
}
