import { describe, expect, it } from 'vitest';
import { storedShapes } from '../../checkpoint/target-files.ts';
import { readTargetConfig, selectTargetTensors } from '../../checkpoint/target-files.ts';
import { LLAVA_7B } from '../../checkpoint/testing/folders.ts';
import type { LlavaConfig } from '../../contracts/checkpoint.ts';
import { MemoryError } from '../../contracts/errors.ts';
import { refOf } from '../../graph/testing/stored.ts';
import { requireMemory } from './require-memory.ts';

const GIB = 2 ** 30;

/** LLaVA-1.5-7B, of which no byte is here: headers are enough. */
async function big() {
  const config = (await readTargetConfig(LLAVA_7B)) as LlavaConfig;
  const table = new Map(
    storedShapes(config).map(([name, shape], i) => [
      name,
      { ...refOf(name, shape, 'F16'), offset: i },
    ]),
  );
  return { config, tensors: selectTargetTensors(table, config, LLAVA_7B) };
}

async function need(precision: 'fp32' | 'w8a8', gib: number): Promise<MemoryError | undefined> {
  const { config, tensors } = await big();
  const settings = { precision, draft: null };
  try {
    await requireMemory('big', config, tensors, settings, async () => gib * GIB);
    return undefined;
  } catch (error) {
    if (error instanceof MemoryError) return error;
    throw error;
  }
}

describe('requireMemory', () => {
  it('lets LLaVA-7B load within 24 GiB in 8 bits, and not in fp32', async () => {
    expect(await need('w8a8', 24)).toBeUndefined();
    const refused = await need('fp32', 24);
    expect(refused?.message).toMatch(/--precision w8a8/);
    expect(refused?.availableBytes).toBe(24 * GIB);
    expect((refused?.neededBytes ?? 0) / GIB).toBeCloseTo((4 * 7.06e9) / GIB + 4.2, 0);
  });

  it('says what the need is made of, in GiB', async () => {
    const refused = await need('w8a8', 3);
    expect(refused?.parts.weights).toBeGreaterThan(6.7e9);
    expect(refused?.parts.weights).toBeLessThan(7.3e9);
    expect(refused?.parts.caches).toBe(4096 * 2 ** 20);
    expect(refused?.message).toMatch(
      /^big: the model needs about \d+\.\d GiB of memory \(weights 6\.\d GiB, caches 4\.0 GiB, work 0\.\d GiB\) but 3\.0 GiB can be had; /,
    );
    expect(refused?.message).not.toMatch(/w8a8/);
  });
});
