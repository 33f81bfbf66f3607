import type { Dialogue } from '../data/dialogue.ts';
import type { HarvestSettings } from './harvest-settings.ts';

/** Turns of dialogues that are asked. */
export function plannedTurns(
  dialogues: readonly Dialogue[],
  { turns }: Pick<HarvestSettings, 'turns'>,
): number {
  if (turns === 'first') return dialogues.length;
  const asks = ({ messages }: Dialogue) => messages.filter(({ role }) => role === 'user').length;
  return dialogues.reduce((sum, dialogue) => sum + asks(dialogue), 0);
}
