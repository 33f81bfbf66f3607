import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredDtype } from '../../../contracts/checkpoint.ts';
import { floats, size } from '../../../graph/testing/random.ts';
import { STORED_TYPES, storedBytes, widened } from '../stored/stored-types.ts';
import { valueOfHalf } from '../stored/widen.ts';
import { openPanelKernel } from './panel-kernel.ts';
import { turnedRow, wholeRow } from './testing/plain-panels.ts';

/** A power of two, blocks that are mixed or not, with and without a remainder of four and of sixteen. */
const WIDTHS = [1, 2, 3, 4, 6, 8, 17, 24, 45, 64, 80, 128, 576, 588, 640, 1536, 4096, 11008];

const openFor = (count: number, into: number, runs: readonly number[] = [into]) =>
  openPanelKernel({ count, into, rowBytes: 4 * into, columns: count, zero: 0, runs });

describe('the kernel', () => {
  it.each(Object.keys(STORED_TYPES) as StoredDtype[])(
    'widens %s as its definition does, whatever the bytes',
    (dtype) => {
      const { values, bytes, widen } = STORED_TYPES[dtype];
      const [rows, into] = [3, Math.max(values, 13)];
      const kernel = openPanelKernel({
        count: rows,
        into,
        rowBytes: storedBytes(dtype, into),
        columns: rows,
        zero: 0,
        runs: [],
      });
      const length = (rows * into * bytes) / values;
      const property = fc.property(
        fc.uint8Array({ minLength: length, maxLength: length }),
        (stored) => {
          kernel.stored.set(stored);
          kernel.widen(rows, dtype);
          const want = new Float32Array(rows * into);
          widen(stored, want);
          expect([...kernel.rows]).toEqual([...want]);
        },
      );
      fc.assert(property, { numRuns: 200 });
    },
  );

  it('widens every half, subnormal ones, infinity and NaN among them', () => {
    const count = 1 << 16;
    const kernel = openPanelKernel({
      count: 1,
      into: count,
      rowBytes: 2 * count,
      columns: 0,
      zero: 0,
      runs: [],
    });
    const halves = new Uint8Array(Uint16Array.from({ length: count }, (_, i) => i).buffer);
    const want = Float32Array.from({ length: count }, (_, half) => valueOfHalf(half));
    kernel.stored.set(halves);
    kernel.widen(1, 'F16');
    expect(kernel.rows).toEqual(want);
    expect(widened('F16', halves), 'without the kernel').toEqual(want);
  });

  it.each(WIDTHS)('turns rows as plain arithmetic does, to the bit, %i wide', (into) => {
    const kernel = openFor(2, into);
    const property = fc.property(floats(2 * into), (rows) => {
      kernel.rows.set(rows);
      kernel.turn(2, into);
      const want = [rows.subarray(0, into), rows.subarray(into)].flatMap((row) => [
        ...turnedRow(row),
      ]);
      expect([...kernel.rows]).toEqual(want);
    });
    fc.assert(property, { numRuns: into > 1000 ? 3 : 30 });
  });

  it.each([
    [96, 24],
    [180, 45],
    [1152, 576],
  ])('turns every run of a row by itself: %i channels, runs of %i', (into, run) => {
    const kernel = openFor(1, into, [run]);
    const row = Float32Array.from({ length: into }, (_, i) => Math.sin(i * 1.7));
    kernel.rows.set(row);
    kernel.turn(1, run);
    const runs = Array.from({ length: into / run }, (_, i) => [
      ...turnedRow(row.slice(i * run, (i + 1) * run)),
    ]);
    expect([...kernel.rows]).toEqual(runs.flat());
  });

  it.each([
    [24, 5],
    [45, 8],
    [64, 20],
  ])('turns the columns of %i rows as if they were rows, %i of them', (run, into) => {
    const kernel = openFor(run, into, [run]);
    const at = (row: number, channel: number) => Math.sin(into * row + channel);
    for (let i = 0; i < run * into; i++) kernel.rows[i] = at(Math.floor(i / into), i % into);
    kernel.turnAcross(run);
    for (let channel = 0; channel < into; channel++) {
      const column = Float32Array.from({ length: run }, (_, row) => at(row, channel));
      const got = Array.from({ length: run }, (_, row) => kernel.rows[row * into + channel]);
      expect(got, `column ${channel}`).toEqual([...turnedRow(column)]);
    }
  });

  it('turns rows of a matrix across, so that what it writes is turned', () => {
    const [run, into] = [24, 5];
    const matrix = Float32Array.from({ length: 2 * run * into }, (_, i) => Math.sin(i));
    const x = Float32Array.of(0.3, -1, 2, 0.5, 0.7);
    const written = (rows: Float32Array) =>
      Float32Array.from({ length: rows.length / into }, (_, out) =>
        x.reduce((sum, value, i) => sum + value * (rows[out * into + i] as number), 0),
      );
    const kernel = openFor(run, into, [run]);
    const across = [0, 1].flatMap((at) => {
      kernel.rows.set(matrix.subarray(at * run * into, (at + 1) * run * into));
      kernel.turnAcross(run);
      return [...kernel.rows];
    });
    const wanted = turnedRow(written(matrix), run);
    expect(across).toHaveLength(2 * run * into);
    for (const [out, value] of written(Float32Array.from(across)).entries()) {
      expect(value, `output ${out}`).toBeCloseTo(wanted[out] as number, 5);
    }
  });

  it.each([
    ['from zero', 0],
    ['from 128', 128],
  ] as const)(
    'puts whole numbers, counted %s, into their columns and leaves the zeros beside them',
    (_, zero) => {
      const shapes = fc.tuple(size(70), size(70), size(5), size(5));
      const property = fc.property(
        shapes,
        fc.infiniteStream(floats(1)),
        ([n, into, left, right], numbers) => {
          const columns = left + n + right;
          const kernel = openPanelKernel({ count: n, into, rowBytes: 0, columns, zero, runs: [] });
          const rows = Array.from({ length: n }, () =>
            Float32Array.from({ length: into }, () => numbers.next().value?.[0] as number),
          );
          kernel.rows.set(rows.flatMap((row) => [...row]));
          const steps = new Float32Array(n);
          kernel.quantise(steps);
          kernel.clearFrom(0);
          kernel.put(0, n, left);
          const want = rows.map(wholeRow);
          expect([...steps]).toEqual(want.map(({ step }) => step));
          const panel = Array.from({ length: into }, (_, i) =>
            Array.from({ length: columns }, (_, column) => want[column - left]?.whole[i] ?? 0),
          );
          const signed = Array.from(kernel.panel, (byte) =>
            zero === 0 ? (byte << 24) >> 24 : byte - zero,
          );
          expect(signed).toEqual(panel.flat());
        },
      );
      fc.assert(property, { numRuns: 50 });
    },
  );

  it('turns no run that it was not opened for', () => {
    expect(() => openFor(1, 96, [24]).turn(1, 48)).toThrow('No turn of 48 channels');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'says of which row a number is %d, wherever it stands',
    (broken) => {
      const into = 21;
      for (let at = 0; at < into; at++) {
        const kernel = openFor(2, into);
        kernel.rows.fill(1)[at] = broken;
        const steps = new Float32Array(2);
        kernel.quantise(steps);
        expect(steps, `place ${at}`).toEqual(Float32Array.of(Number.NaN, 1 / 127));
      }
    },
  );
});
