import type { Drafter, TreeShape } from '../../contracts/drafter.ts';
import { createPlan, type Plan } from '../../decode/planner.ts';
import type { AnswerContext } from './answer-state.ts';

/**
 * The trees that `auto` chooses from, besides plain decoding: one for each width that is timed at load. Few candidates a
 * node serve the small ones best (measured on a trained pair: 3.74 tokens a pass at 8,5,2, 3.52 at 8,4,4). The last is the
 * paper's.
 */
export const AUTO_TREES: readonly TreeShape[] = [
  { total: 8, depth: 5, topK: 2 },
  { total: 16, depth: 5, topK: 4 },
  { total: 32, depth: 5, topK: 8 },
  { total: 59, depth: 5, topK: 10 },
];

/** What is known about a drafter's trees: of its rounds so far, or else from the costs measured at load. */
export function planOf({ plans, model }: AnswerContext, drafter: Drafter): Plan {
  const { name, isNetwork, calls = 'level' } = drafter;
  const costs = isNetwork
    ? { ...model.costs, draftCalls: calls }
    : { ...model.costs, draftLevel: 0 };
  return plans.get(name) ?? createPlan(costs, AUTO_TREES);
}
