import type { TargetConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { MemoryError, type Remedy } from '../../contracts/errors.ts';
import { allParts, CONVERTED_PRECISIONS, type LoadSettings } from '../../contracts/load.ts';
import { memoryNeed } from '../load/memory-need.ts';
import { availableMemory } from './available-memory.ts';

/**
 * Looks, before a weight is read, whether a model fits into memory.
 * @throws MemoryError with the numbers
 */
export async function requireMemory(
  dir: string,
  config: TargetConfig,
  tensors: ReadonlyMap<string, TensorRef>,
  { precision, draft }: Pick<LoadSettings, 'precision' | 'draft'>,
  available = availableMemory,
): Promise<void> {
  const need = (of: LoadSettings['precision']) => memoryNeed(config, tensors, of, draft !== null);
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
