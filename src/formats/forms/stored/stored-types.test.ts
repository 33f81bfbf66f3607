import { GGMLQuantizationType as T } from '@huggingface/gguf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockType } from '../../../gguf/block-types.ts';
import * as pack from '../../testing/pack-blocks.ts';
import { widened as widenedBlocks } from './stored-types.ts';
import { valueOfHalf } from './widen.ts';

const RUNS = Number(process.env.MSD_FUZZ ?? 300);

function widened(id: T, blocks: Uint8Array): number[] {
  const type = blockType(id);
  if (type === undefined) throw new Error(`${id} is not read`);
  return [...widenedBlocks(type, blocks)];
}

const run = (length: number, value: (i: number) => number) =>
  Array.from({ length }, (_, i) => value(i));
const hex = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('blocks worked out by hand', () => {
  it.each<[string, T, Uint8Array, number[]]>([
    ['F32', T.F32, hex('0000c03f 000000c0'), [1.5, -2]],
    ['F16', T.F16, hex('003e 00c0 0100 0000'), [1.5, -2, 2 ** -24, 0]],
    ['BF16', T.BF16, hex('c03f 00c0'), [1.5, -2]],
    // d = 0.5; each byte 0xf1: lower nibble 1 - 8, upper 15 - 8
    ['Q4_0', T.Q4_0, hex(`0038${'f1'.repeat(16)}`), run(32, (i) => (i < 16 ? -3.5 : 3.5))],
    // d = 0.5, m = -1; byte i holds i below and 15 - i above
    [
      'Q4_1',
      T.Q4_1,
      hex(
        `0038 00bc ${run(16, (i) => i | ((15 - i) << 4))
          .map((b) => b.toString(16).padStart(2, '0'))
          .join('')}`,
      ),
      run(32, (i) => (i < 16 ? 0.5 * i - 1 : 0.5 * (31 - i) - 1)),
    ],
    // d = 2; bytes 0x80 = -128 and 0x7f = 127
    ['Q8_0', T.Q8_0, hex(`0040${'807f'.repeat(16)}`), run(32, (i) => (i % 2 ? 254 : -256))],
    // d = 1, dmin = 0.5; scales 1 2 3 4 | 49 34 19 4, minima 5 6 7 8 | 18 35 52 5, nibbles 3 and 2
    [
      'Q4_K',
      T.Q4_K,
      hex(`003c 0038 c1824304 45 86 c7 08 21 32 43 54 ${'23'.repeat(128)}`),
      run(256, (i) => {
        const scale = [1, 2, 3, 4, 49, 34, 19, 4][i >> 5] ?? 0;
        const minimum = [5, 6, 7, 8, 18, 35, 52, 5][i >> 5] ?? 0;
        return scale * (i % 64 < 32 ? 3 : 2) - 0.5 * minimum;
      }),
    ],
    // as Q4_K with all scales 1 and minima 0 but the first four; fifth bits of groups 0 and 7
    [
      'Q5_K',
      T.Q5_K,
      hex(`003c 0000 01010101 00000000 01010101 ${'81'.repeat(32)} ${'23'.repeat(128)}`),
      run(256, (i) => (i % 64 < 32 ? 3 : 2) + (i < 32 || i >= 224 ? 16 : 0)),
    ],
    // d = 1; nibbles 1 and 2; pairs 0, 1, 2, 3 for the quarters; scales 1 but the last, -2
    [
      'Q6_K',
      T.Q6_K,
      hex(`${'21'.repeat(128)} ${'e4'.repeat(64)} ${'01'.repeat(15)}fe 003c`),
      run(256, (i) => {
        const quarter = (i >> 5) & 3;
        const q = (quarter < 2 ? 1 : 2) + 16 * quarter - 32;
        return i >= 240 ? -2 * q : q;
      }),
    ],
  ])('%s', (_, id, blocks, values) => {
    expect(widened(id, blocks)).toEqual(values);
  });
});

/** Finite halves. */
const half = fc.nat(0xffff).filter((bits) => (bits & 0x7c00) !== 0x7c00);
const numbers = (length: number, min: number, max: number) =>
  fc.array(fc.integer({ min, max }), { minLength: length, maxLength: length });
const parts = (values: number, q: [number, number], groups: number, scale: [number, number]) =>
  fc.record({
    d: half,
    m: half,
    q: numbers(values, ...q),
    scales: numbers(groups, ...scale),
    minima: numbers(groups, ...scale),
  });

const no: [number, number] = [0, 0];
const KINDS = [
  { id: T.Q4_0, pack: pack.packQ40, parts: parts(32, [-8, 7], 0, no), signed: true },
  { id: T.Q4_1, pack: pack.packQ41, parts: parts(32, [0, 15], 0, no), signed: false },
  { id: T.Q8_0, pack: pack.packQ80, parts: parts(32, [-128, 127], 0, no), signed: true },
  { id: T.Q4_K, pack: pack.packQ4K, parts: parts(256, [0, 15], 8, [0, 63]), signed: false },
  { id: T.Q5_K, pack: pack.packQ5K, parts: parts(256, [0, 31], 8, [0, 63]), signed: false },
  { id: T.Q6_K, pack: pack.packQ6K, parts: parts(256, [-32, 31], 16, [-128, 127]), signed: true },
];

describe('blocks put together from their parts', () => {
  it.each(KINDS)('of type $id give the formula in float32', ({ id, pack, parts, signed }) => {
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 3 }), (blocks) => {
        const expected = blocks.flatMap(({ d, m, q, scales, minima }) => {
          const group = q.length / Math.max(1, scales.length);
          return q.map((n, i) => {
            const scale = valueOfHalf(d) * (scales[Math.floor(i / group)] ?? 1);
            if (signed) return Math.fround(scale * n);
            const low = minima[Math.floor(i / group)];
            const offset = low === undefined ? valueOfHalf(m) : -valueOfHalf(m) * low;
            return Math.fround(Math.fround(Math.fround(scale) * n) + Math.fround(offset));
          });
        });
        const bytes = Buffer.concat(blocks.map(pack));
        const zero = (value: number) => value + 0; // -0 is 0
        expect(widened(id, bytes).map(zero)).toEqual(expected.map(zero));
      }),
      { numRuns: Math.min(RUNS, 1000) },
    );
  });
});
