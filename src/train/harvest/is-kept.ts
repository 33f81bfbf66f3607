import type { GenerateResult } from '../../contracts/generate.ts';
import { loopStart } from '../../evaluate/loop-start.ts';
import type { HarvestSettings } from './harvest-settings.ts';

/** Whether a draft is to learn from an answer: it says something, and is not of a kind that was asked to be left out. */
export function isKept(
  { text, ids, finishReason }: Pick<GenerateResult, 'text' | 'ids' | 'finishReason'>,
  { dropCut, dropLoops }: Pick<HarvestSettings, 'dropCut' | 'dropLoops'>,
): boolean {
  if (text.trim() === '' || (dropCut && finishReason === 'length')) return false;
  return !dropLoops || loopStart(ids) === null;
}
