import { describe, expect, it } from 'vitest';
import type { DecoderConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { refOf } from '../../graph/testing/stored.ts';
import { memoryNeed } from './memory-need.ts';

/** The shape of LLaVA-1.5-7B. */
const DECODER: DecoderConfig = {
  ...{
    hiddenSize: 4096,
    intermediateSize: 11008,
    layers: 32,
    heads: 32,
    kvHeads: 32,
    headDim: 128,
  },
  ...{ vocabSize: 32064, contextLength: 4096, rmsNormEps: 1e-5, ropeTheta: 10000 },
  tiedEmbeddings: false,
};
const matrix = refOf('matrix', [4096, 11008], 'F16');
const norm: TensorRef = { ...refOf('norm', [4096], 'F16'), offset: 1 };
const TENSORS = new Map([
  ['a', matrix],
  ['again', matrix], // a tied one counts once
  ['b', norm],
]);
const need = (precision: 'fp32' | 'w8a8', draft: boolean, decoder = DECODER) =>
  memoryNeed({ decoder }, TENSORS, precision, draft);

/** Of a column in one layer: keys and values of every head, and 16 ones behind each value. */
const COLUMN = 4 * 32 * (128 + 128 + 16);

describe('the memory that a model needs', () => {
  it('is four bytes a number of the weights in fp32, and one of its matrices in 8 bits', () => {
    expect(need('fp32', false).weights).toBe(4 * (4096 * 11008 + 4096));
    expect(need('w8a8', false).weights).toBe(4096 * 11008 + 4 * 4096);
  });

  it('holds the table of a tied head a second time in 8 bits', () => {
    const tied = { ...DECODER, tiedEmbeddings: true };
    const more = need('w8a8', false, tied).weights - need('w8a8', false).weights;
    expect(more).toBe(32064 * 4096);
    expect(need('fp32', false, tied)).toEqual(need('fp32', false));
  });

  it('counts a draft: its table, fc and one layer, and a layer more of caches', () => {
    const numbers = 4096 * 32064 + 2 * 4096 * 4096 + 4 * 4096 * 4096 + 3 * 4096 * 11008;
    for (const [precision, bytes] of [
      ['fp32', 4],
      ['w8a8', 1],
    ] as const) {
      const [without, with_] = [need(precision, false), need(precision, true)];
      expect(with_.weights - without.weights).toBe(bytes * numbers);
      expect(without.caches).toBe(4096 * 32 * COLUMN);
      expect(with_.caches - without.caches).toBe(4096 * COLUMN);
      expect(with_.work).toBe(without.work);
    }
  });

  it('has room for a conversation of 4,096 tokens, or of a shorter context', () => {
    expect(need('fp32', false, { ...DECODER, contextLength: 100 }).caches).toBe(100 * 32 * COLUMN);
    expect(need('fp32', false, { ...DECODER, contextLength: 99999 })).toEqual(need('fp32', false));
  });
});
