import { describe, expect, it } from 'vitest';
import { precision, treeChoice } from './parse-flags.ts';

describe('--tree', () => {
  it.each([
    ['auto', 'auto'],
    ['8', 8],
    ['59,5,10', { total: 59, depth: 5, topK: 10 }],
  ])('%s', (text, value) => {
    expect(treeChoice(text)).toEqual(value);
  });

  it.each(['', 'all', '8,5', '-8', '8.5', '8,5,2,1'])('is not "%s"', (text) => {
    expect(() => treeChoice(text)).toThrow('It must be auto, rows as 8, or total,depth,top-k');
  });
});

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
      'It must be fp32, w8a8, int4, or by part, as decoder=w8a8,head=fp32; the parts are decoder, head, tower, draft.',
    );
  });
});
