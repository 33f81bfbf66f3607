import type { GenerateResult } from '../../contracts/generate.ts';

/**
 * What speculation gave, under vLLM's names. A step is a pass with at least one guess; a draft token is a node of its
 * tree. Null where no pass had any.
 */
export function speculativeFigures({ rounds }: Pick<GenerateResult, 'rounds'>) {
  const steps = rounds.filter(({ nodes }) => nodes > 1);
  if (steps.length === 0) return null;
  const drafted = steps.reduce((sum, { nodes }) => sum + nodes - 1, 0);
  const accepted = steps.reduce((sum, round) => sum + round.accepted, 0);
  const deepest = Math.max(...steps.map(({ levels }) => levels.length));
  const histogram = Array<number>(deepest + 1).fill(0);
  for (const { accepted } of steps) histogram[accepted] = (histogram[accepted] ?? 0) + 1;
  return {
    mean_acceptance_length: 1 + accepted / steps.length,
    draft_acceptance_rate: accepted / drafted,
    /** Steps by how many of their guesses were kept. */
    acceptance_histogram: histogram,
    num_spec_steps: steps.length,
    num_draft_tokens: drafted,
    num_accepted_draft_tokens: accepted,
    /** Levels of the deepest tree. */
    num_spec_tokens: deepest,
  };
}
