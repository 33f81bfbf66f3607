import { MemoryError, type Remedy } from '../../contracts/errors.ts';
import { allParts, CONVERTED_PRECISIONS, type PartPrecisions } from '../../contracts/load.ts';
import type { DraftFiles } from '../../families/read-any-draft.ts';
import type { TargetFiles } from '../../families/read-target.ts';
import { memoryNeed } from '../load/memory-need.ts';
import { availableMemory } from './available-memory.ts';

/**
 * Looks, before a weight is read, whether a model fits into memory, with the draft that comes with it.
 * @throws MemoryError with the numbers
 */
export async function requireMemory(
  dir: string,
  target: Pick<TargetFiles, 'config' | 'tensors'>,
  draft: DraftFiles | null,
  precision: PartPrecisions | undefined,
  available = availableMemory,
): Promise<void> {
  const need = (of: PartPrecisions | undefined) => memoryNeed(target, draft, of);
  const sum = (parts: Readonly<Record<string, number>>) =>
    Object.values(parts).reduce((total, bytes) => total + bytes, 0);
  const parts = need(precision);
  const free = await available();
  if (sum(parts) <= free) return;
  const smaller = CONVERTED_PRECISIONS.filter((one) => sum(need(allParts(one))) <= free);
  const to = 'load it in fewer bits';
  const remedy: Remedy = { kind: 'use-option', option: 'precision', values: smaller, to };
  throw new MemoryError(dir, parts, free, smaller.length > 0 ? remedy : undefined);
}
