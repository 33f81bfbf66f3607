import { describe, expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { LLAVA_7B } from '../../checkpoint/testing/folders.ts';
import { MemoryError } from '../../contracts/errors.ts';
import { allParts, type Precision } from '../../contracts/load.ts';
import { selectTargetTensors, storedShapes } from '../../families/families.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import { readTargetConfig } from '../../families/read-target.ts';
import { refOf } from '../../graph/testing/stored.ts';
import { requireMemory } from './require-memory.ts';

const GIB = 2 ** 30;

/** LLaVA-1.5-7B, of which no byte is here: headers are enough. */
async function big() {
  const config = (await readTargetConfig(modelFolder(LLAVA_7B))) as LlavaConfig;
  const table = new Map(
    storedShapes(config).map(([name, shape], i) => [
      name,
      { ...refOf(name, shape, 'F16'), offset: i, bytes: 2 * shape.reduce((a, b) => a * b, 1) },
    ]),
  );
  return { config, tensors: selectTargetTensors(table, config, LLAVA_7B) };
}

async function need(precision: Precision, gib: number): Promise<MemoryError | undefined> {
  const { config, tensors } = await big();
  try {
    await requireMemory(
      'big',
      { config, tensors },
      null,
      allParts(precision),
      async () => gib * GIB,
    );
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
    expect(refused?.remedy).toMatchObject({ option: 'precision', values: ['w8a8', 'int4'] });
    expect(refused?.availableBytes).toBe(24 * GIB);
    expect((refused?.neededBytes ?? 0) / GIB).toBeCloseTo((4 * 7.06e9) / GIB + 4.45, 0);
  });

  it('says what the need is made of, in GiB', async () => {
    const refused = await need('w8a8', 3);
    expect(refused?.parts.weights).toBeGreaterThan(6.7e9);
    expect(refused?.parts.weights).toBeLessThan(7.3e9);
    expect(refused?.parts.caches).toBe(4096 * 4 * 32 * 32 * (2 * 128 + 16));
    expect(refused?.message).toMatch(
      /^big: the model needs about \d+\.\d GiB of memory \(weights 6\.\d GiB, caches 4\.3 GiB, work 0\.\d GiB\) but 3\.0 GiB can be had; /,
    );
    expect(refused?.message).not.toMatch(/w8a8/);
  });
});
