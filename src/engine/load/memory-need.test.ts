import { beforeAll, describe, expect, it } from 'vitest';
import { modelFolder } from '../../checkpoint/model-folder.ts';
import { LLAVA_7B } from '../../checkpoint/testing/folders.ts';
import type { BlockDraftConfig } from '../../contracts/block-draft.ts';
import type { DraftConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { allParts, type PartPrecisions } from '../../contracts/load.ts';
import { blockDraftShapes } from '../../families/block-draft-layout.ts';
import { draftShapes } from '../../families/draft-layout.ts';
import { selectTargetTensors, storedShapes } from '../../families/families.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import type { DraftFiles } from '../../families/read-any-draft.ts';
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

const need = (precision: PartPrecisions, draft: DraftFiles | null, contextLength = 4096) =>
  memoryNeed(
    { config: { ...config, decoder: { ...config.decoder, contextLength } }, tensors },
    draft,
    precision,
  );

/** What a draft adds to the need of each kind. */
function added(precision: PartPrecisions, draft: DraftFiles) {
  const [drafted, without] = [need(precision, draft), need(precision, null)];
  expect(drafted.work).toBe(without.work);
  return { weights: drafted.weights - without.weights, caches: drafted.caches - without.caches };
}

const stored = (shapes: Iterable<readonly [string, readonly number[]]>, dtype: 'F16' | 'F32') =>
  new Map(
    [...shapes].map(([name, shape]) => {
      const bytes = (dtype === 'F16' ? 2 : 4) * shape.reduce((product, dim) => product * dim, 1);
      return [name, { ...refOf(name, shape, dtype), bytes }];
    }),
  );

const SIZES = {
  ...{ hiddenSize: 4096, intermediateSize: 11_008, heads: 32, kvHeads: 32, headDim: 128 },
  ...{ vocabSize: 32_064, rmsNormEps: 1e-5, ropeTheta: 10_000, contextLength: 4096 },
} as const;
const layerDraft = (dtype: 'F16' | 'F32'): DraftFiles => {
  const of: DraftConfig = { family: 'llava', ...SIZES, fcBias: true };
  return { method: 'msd', config: of, tensors: stored(draftShapes(of), dtype), fingerprint: '' };
};
const blockDraft = (fields: Partial<BlockDraftConfig> = {}): DraftFiles => {
  const shape = { layers: 2, kvHeads: 8, slots: 8, rank: 256, fusion: 'decoupled' } as const;
  const of: BlockDraftConfig = { family: 'llava', ...SIZES, ...shape, ...fields };
  const shapes = blockDraftShapes(of);
  return { method: 'block', config: of, tensors: stored(shapes, 'F32'), fingerprint: '' };
};

/** Of a column in one layer: keys and values of every head, and 16 ones behind each value. */
const COLUMN = 4 * 32 * (128 + 128 + 16);
const FC_AND_LAYER = [
  [4096, 2 * 4096],
  [4 * 4096, 4096],
  [3 * 11008, 4096],
] as const;
const numbers = FC_AND_LAYER.reduce((sum, [rows, columns]) => sum + rows * columns, 0);

const TABLE = 32_064 * 4096;
/** Of an int4 matrix, a number: half a byte, and 8 bytes with each block of 32. */
const INT4 = 24 / 32;

describe('the memory that a model needs', () => {
  it.each([
    ['fp32', 4 * numbers, 4 * TABLE],
    ['w8a8', numbers, 0],
    ['int4', INT4 * numbers, INT4 * TABLE],
  ] as const)(
    "counts an MSD draft in %s: its table as stored, its matrices, and the target's head where it is packed again",
    (precision, bytes, head) => {
      for (const dtype of ['F16', 'F32'] as const) {
        const { weights, caches } = added(allParts(precision), layerDraft(dtype));
        const more = weights - (dtype === 'F16' ? 2 : 4) * TABLE;
        // 8 bits have a step beside each column.
        expect(more).toBeGreaterThanOrEqual(bytes + head);
        expect(more).toBeLessThan(1.01 * bytes + head);
        expect(caches).toBe(4096 * COLUMN);
      }
    },
  );

  it('counts of a block draft its layers, its bias of neighbours in fp32, and caches by its own heads', () => {
    const layers = 2 * (2 * 4096 * 4096 + 2 * 1024 * 4096 + 3 * 11_008 * 4096);
    const bias = 2 * 4 * 32_064 * 256;
    for (const [precision, size] of [
      ['fp32', 4],
      ['w8a8', 1],
    ] as const) {
      const { weights, caches } = added({ draft: precision, head: 'w8a8' }, blockDraft());
      const matrices = size * (layers + 4096 * 4096);
      expect(weights).toBeGreaterThan(matrices + bias);
      expect(weights).toBeLessThan(1.01 * matrices + bias);
      expect(caches).toBe((4096 * 2 * COLUMN * 8) / 32);
    }
  });

  it('counts the rows of the head that a draft speaks through, wherever the others lie', () => {
    const few = { headTokenIds: Array.from({ length: 1000 }, (_, id) => id) };
    const whole = added({}, blockDraft()).weights - 4 * TABLE;
    const bias = 4 * 31_064 * 256; // of the tokens that it can't guess
    expect(added({}, blockDraft(few)).weights).toBe(whole - bias + 4 * 1000 * 4096);
  });

  it('counts a draft by its own precision', () => {
    const fp32 = added({}, layerDraft('F32')).weights;
    const eight = added({ draft: 'w8a8' }, layerDraft('F32')).weights;
    expect(fp32 - eight).toBeCloseTo(3 * numbers, -8);
    expect(need({ draft: 'w8a8' }, null)).toEqual(need({}, null));
  });

  it('has room for a conversation of 4,096 tokens, or of a shorter context', () => {
    expect(need({}, null).caches).toBe(4096 * 32 * COLUMN);
    expect(need({}, null, 100).caches).toBe(100 * 32 * COLUMN);
    expect(need({}, null, 99_999)).toEqual(need({}, null));
  });
});
