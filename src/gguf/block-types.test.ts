import { GGMLQuantizationType as T } from '@huggingface/gguf';
import { describe, expect, it } from 'vitest';
import { BLOCK_TYPE_NAMES, blockType, blockTypeName } from './block-types.ts';

describe('blockTypeName', () => {
  it('names what is read and what is not', () => {
    expect(BLOCK_TYPE_NAMES.join(' ')).toBe('F32 F16 BF16 Q4_0 Q4_1 Q8_0 Q4_K Q5_K Q6_K');
    expect(blockType(T.IQ4_XS)).toBeUndefined();
    expect(blockTypeName(T.IQ4_XS)).toBe('IQ4_XS');
    expect(blockTypeName(999)).toBe('number 999');
  });
});
