import type { DrafterName } from '../../contracts/drafter.ts';
import { asDrafted } from './answer-writer.ts';
import { hasColours, inkFor, type Paper } from './ink.ts';

/** How drafted tokens are told from the target's own on `stdout`; null where they are not marked. */
export function legendFor(drafter: DrafterName, stdout: Paper, stderr: Paper): string | null {
  if (drafter === 'none' || !hasColours(stdout)) return null;
  return `${asDrafted(inkFor(stderr), 'green and underlined')} tokens were drafted, the others are the target's own`;
}
