import { describe, expect, it } from 'vitest';
import { mropeRows } from './mrope-rows.ts';
import { inverseFrequencies, rotaryRows } from './rotary-rows.ts';

const FREQUENCIES = inverseFrequencies(24, 1e6);
const SECTIONS = [2, 5, 5];
const POSITIONS = Int32Array.of(0, 3, 3, 900, 31_999);

describe('mropeRows', () => {
  it('are the plain rows where the axes agree, as in text', () => {
    const rows = mropeRows([POSITIONS, POSITIONS, POSITIONS], SECTIONS, FREQUENCIES, 1.25);
    expect(rows).toEqual(rotaryRows(POSITIONS, FREQUENCIES, 1.25));
  });

  it('turn each section of frequencies by its own axis, in both halves of a head', () => {
    const axes = [POSITIONS, POSITIONS.map((p) => p + 7), POSITIONS.map((p) => 2 * p)] as const;
    const { cos, sin } = mropeRows(axes, SECTIONS, FREQUENCIES);
    const each = axes.map((axis) => rotaryRows(axis, FREQUENCIES));
    const axisOf = [0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2];
    for (let at = 0; at < POSITIONS.length * 24; at++) {
      const alone = each[axisOf[at % 12] as number];
      expect(cos.data[at]).toBe(alone?.cos.data[at]);
      expect(sin.data[at]).toBe(alone?.sin.data[at]);
    }
  });
});
