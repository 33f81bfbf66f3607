import type { TargetConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { MemoryError, type Remedy } from '../../contracts/errors.ts';
import type { LoadSettings } from '../../contracts/load.ts';
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
  { precision = 'fp32', draft }: Pick<LoadSettings, 'precision' | 'draft'>,
  available = availableMemory,
): Promise<void> {
  const needOf = (of: typeof precision) => memoryNeed(config, tensors, of, draft !== null);
  const sum = (parts: Readonly<Record<string, number>>) =>
    Object.values(parts).reduce((total, bytes) => total + bytes, 0);
  const parts = needOf(precision);
  const free = await available();
  if (sum(parts) <= free) return;
  const smaller = precision === 'fp32' && sum(needOf('w8a8')) <= free;
  const remedy: Remedy = {
    kind: 'use-option',
    option: 'precision',
    values: ['w8a8'],
    to: 'load it in 8 bits',
  };
  throw new MemoryError(dir, parts, free, smaller ? remedy : undefined);
}
