import { describe, expect, it } from 'vitest';
import type { DecoderConfig, TargetConfig } from '../../contracts/checkpoint.ts';
import { allParts, type PartPrecisions } from '../../contracts/load.ts';
import { familyOf } from '../../families/families.ts';
import { refOf } from '../../graph/testing/stored.ts';
import { memoryNeed } from './memory-need.ts';

const [HIDDEN, WIDE, WORDS, LAYERS] = [4096, 11008, 32064, 2];
const DECODER: DecoderConfig = {
  ...{ hiddenSize: HIDDEN, intermediateSize: WIDE, layers: LAYERS },
  ...{ heads: 32, kvHeads: 32, headDim: 128 },
  ...{ vocabSize: WORDS, contextLength: 4096, rmsNormEps: 1e-5, ropeTheta: 10000 },
  tiedEmbeddings: false,
};
/** Numbers of one layer's matrices, of their outputs, and of a table. */
const LAYER = 4 * HIDDEN * HIDDEN + 3 * HIDDEN * WIDE;
const OUTPUTS = 5 * HIDDEN + 2 * WIDE;
const TABLE = WORDS * HIDDEN;
/** Of all norms, in half precision. */
const NORMS = 2 * (2 * LAYERS + 1) * HIDDEN;

/** A text model stored in half precision, of which no byte is here. */
function need(precision: PartPrecisions | undefined, draft: boolean, decoder = DECODER) {
  const config: TargetConfig = { family: 'llama', decoder, eosTokenIds: [] };
  const { required } = familyOf(config).layout(config);
  const tensors = new Map(
    required.map(([name, shape], offset) => {
      const bytes = 2 * shape.reduce((count, dim) => count * dim, 1);
      return [name, { ...refOf(name, shape, 'F16'), offset, bytes }];
    }),
  );
  return memoryNeed(config, tensors, precision, draft);
}

const W8A8 = allParts('w8a8');
/** Of a column in one layer: keys and values of every head, and 16 ones behind each value. */
const COLUMN = 4 * 32 * (128 + 128 + 16);

describe('the memory that a model needs', () => {
  it('is four bytes a number of its matrices in fp32, and what the others take in their files', () => {
    const matrices = LAYERS * LAYER + TABLE;
    expect(need(undefined, false).weights).toBe(4 * matrices + 2 * TABLE + NORMS);
  });

  it('is a byte a number of its matrices in 8 bits, and a scale for each output', () => {
    const matrices = LAYERS * (LAYER + 4 * OUTPUTS) + TABLE + 4 * WORDS;
    expect(need(W8A8, false).weights).toBe(matrices + 2 * TABLE + NORMS);
  });

  it('is told part by part', () => {
    const [plain, head] = [need(undefined, false), need({ head: 'w8a8' }, false)];
    expect(plain.weights - head.weights).toBe(3 * TABLE - 4 * WORDS);
    const decoder = need({ decoder: 'w8a8' }, false);
    expect(plain.weights - decoder.weights).toBe(LAYERS * (3 * LAYER - 4 * OUTPUTS));
  });

  it('is the same where the head is the table: it is read both ways', () => {
    const tied = { ...DECODER, tiedEmbeddings: true };
    for (const precision of [undefined, W8A8]) {
      expect(need(precision, false, tied)).toEqual(need(precision, false));
    }
  });

  it('counts a draft: its table, fc and one layer, and a layer more of caches', () => {
    const fc = 2 * HIDDEN * HIDDEN;
    for (const [precision, weights] of [
      [undefined, 4 * (fc + LAYER)],
      [W8A8, fc + LAYER + 4 * (HIDDEN + OUTPUTS)],
    ] as const) {
      const [without, with_] = [need(precision, false), need(precision, true)];
      expect(with_.weights - without.weights).toBe(4 * TABLE + weights);
      expect(without.caches).toBe(4096 * LAYERS * COLUMN);
      expect(with_.caches - without.caches).toBe(4096 * COLUMN);
      expect(with_.work).toBe(without.work);
    }
  });

  it('has room for a conversation of 4,096 tokens, or of a shorter context', () => {
    const [short, long] = [100, 99999].map((contextLength) =>
      need(undefined, false, { ...DECODER, contextLength }),
    );
    expect(short?.caches).toBe(100 * LAYERS * COLUMN);
    expect(long).toEqual(need(undefined, false));
  });
});
