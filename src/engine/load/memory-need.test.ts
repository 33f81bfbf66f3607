import { beforeAll, describe, expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { LLAVA_7B } from '../../checkpoint/testing/folders.ts';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { allParts, type PartPrecisions } from '../../contracts/load.ts';
import { selectTargetTensors, storedShapes } from '../../families/families.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import { readTargetConfig } from '../../families/read-target.ts';
import { refOf } from '../../graph/testing/stored.ts';
import { memoryNeed } from './memory-need.ts';

/** LLaVA-1.5-7B in 16 bits, of which no byte is here: headers are enough. */
let config: LlavaConfig;
let tensors: ReadonlyMap<string, TensorRef>;
beforeAll(async () => {
  config = (await readTargetConfig(modelFolder(LLAVA_7B))) as LlavaConfig;
  const table = new Map(
    storedShapes(config).map(([name, shape], offset) => {
      const bytes = 2 * shape.reduce((product, dim) => product * dim, 1);
      return [name, { ...refOf(name, shape, 'F16'), offset, bytes }];
    }),
  );
  tensors = selectTargetTensors(table, config, LLAVA_7B);
});

const need = (precision: PartPrecisions, draft: boolean, contextLength = 4096) =>
  memoryNeed(
    { ...config, decoder: { ...config.decoder, contextLength } },
    tensors,
    precision,
    draft,
  );

/** Of a column in one layer: keys and values of every head, and 16 ones behind each value. */
const COLUMN = 4 * 32 * (128 + 128 + 16);
const FC_AND_LAYER = [
  [4096, 2 * 4096],
  [4 * 4096, 4096],
  [3 * 11008, 4096],
] as const;
const numbers = FC_AND_LAYER.reduce((sum, [rows, columns]) => sum + rows * columns, 0);

describe('the memory that a model needs', () => {
  it.each([
    ['fp32', 4 * numbers],
    ['w8a8', numbers],
    ['int4', 0.75 * numbers],
  ] as const)(
    'counts a draft in %s: its table, fc and one layer, and a layer of caches',
    (precision, bytes) => {
      const [without, drafted] = [false, true].map((draft) => need(allParts(precision), draft));
      const more = (drafted?.weights ?? 0) - (without?.weights ?? 0);
      // The table is read as it is; 8 bits have a step beside each column.
      expect(more).toBeGreaterThanOrEqual(4 * 32064 * 4096 + bytes);
      expect(more).toBeLessThan(4 * 32064 * 4096 + 1.01 * bytes);
      expect(without?.caches).toBe(4096 * 32 * COLUMN);
      expect((drafted?.caches ?? 0) - (without?.caches ?? 0)).toBe(4096 * COLUMN);
      expect(drafted?.work).toBe(without?.work);
    },
  );

  it('counts a draft by its own precision', () => {
    const fp32 = need({}, true).weights - need({}, false).weights;
    const eight = need({ draft: 'w8a8' }, true).weights - need({ draft: 'w8a8' }, false).weights;
    expect(fp32 - eight).toBeCloseTo(3 * numbers, -8);
    expect(need({ draft: 'w8a8' }, false)).toEqual(need({}, false));
  });

  it('has room for a conversation of 4,096 tokens, or of a shorter context', () => {
    expect(need({}, false, 100).caches).toBe(100 * 32 * COLUMN);
    expect(need({}, false, 99_999)).toEqual(need({}, false));
  });
});
