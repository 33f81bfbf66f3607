import { describe, expect, it } from 'vitest';
import { finishReason, tokenLimit } from './stop.ts';

const limits = { eos: new Set([2, 7]), maxTokens: 3 };

describe('finishReason', () => {
  it('goes on below the limit', () => {
    expect(finishReason(5, 2, limits)).toBeNull();
  });

  it('stops at each end token', () => {
    expect([2, 7].map((token) => finishReason(token, 1, limits))).toEqual(['stop', 'stop']);
  });

  it('ends with exactly the most tokens', () => {
    expect(finishReason(5, 3, limits)).toBe('length');
  });

  it('calls an end token at the limit a stop', () => {
    expect(finishReason(2, 3, limits)).toBe('stop');
  });

  it('goes on past end tokens when there are none', () => {
    expect(finishReason(2, 1, { eos: new Set(), maxTokens: 3 })).toBeNull();
  });
});

describe('tokenLimit', () => {
  it('is what the request asks for or the context has room for', () => {
    expect([tokenLimit(10, 90, 128), tokenLimit(100, 90, 128), tokenLimit(10, 130, 128)]).toEqual([
      10, 38, 0,
    ]);
  });
});
