import { describe, expect, it } from 'vitest';
import { precision } from './parse-flags.ts';

describe('--precision', () => {
  it.each([
    ['fp32', 'fp32'],
    ['w8a8', 'w8a8'],
    ['head=fp32', { head: 'fp32' }],
    [
      'decoder=w8a8,head=fp32,tower=fp32,draft=w8a8',
      { decoder: 'w8a8', head: 'fp32', tower: 'fp32', draft: 'w8a8' },
    ],
  ])('%s', (text, value) => {
    expect(precision(text)).toEqual(value);
  });

  it.each([
    '',
    'w4',
    'decoder',
    'decoder=',
    'body=w8a8',
    'head=w8a8=w8a8',
    'head=fp32,head=w8a8',
    'head=fp32,',
  ])('is not "%s"', (text) => {
    expect(() => precision(text)).toThrow(
      'It must be fp32 or w8a8, or by part, as decoder=w8a8,head=fp32; the parts are decoder, head, tower, draft.',
    );
  });
});
