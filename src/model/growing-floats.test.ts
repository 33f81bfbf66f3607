import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growingFloats } from './growing-floats.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

const SIZE = 3;
const place = fc.nat(30);
const changes = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('reserve' as const), places: fc.nat(30) }),
    fc.record({ kind: fc.constant('write' as const), at: place, value: fc.nat(1000) }),
    fc.record({ kind: fc.constant('move' as const), from: place, to: place, swap: fc.boolean() }),
  ),
  { maxLength: 40, size: 'max' },
);

describe('growingFloats', () => {
  it('holds what was written and moved, and between what is needed and twice that', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const floats = growingFloats(SIZE);
        let expected: number[] = []; // of each place
        let held = 0;
        for (const change of all) {
          if (change.kind === 'reserve') {
            const { places } = change;
            floats.reserve(places);
            held = floats.bytes / (4 * SIZE);
            expect(held).toBeGreaterThanOrEqual(places);
            expect(held).toBeLessThanOrEqual(2 * places);
            expected = Array.from({ length: held }, (_, at) => expected[at] ?? 0);
          } else if (change.kind === 'write' && change.at < held) {
            floats.slice(change.at, 1).fill(change.value);
            expected[change.at] = change.value;
          } else if (change.kind === 'move' && change.from < held && change.to < held) {
            const { from, to, swap } = change;
            floats.move(from, to, swap);
            const [moved, other] = [expected[from] as number, expected[to] as number];
            expected[to] = moved;
            if (swap) expected[from] = other;
          }
        }
        expect([...floats.slice(0, held)]).toEqual(
          expected.flatMap((value) => Array<number>(SIZE).fill(value)),
        );
      }),
      { numRuns },
    );
  });

  it('grows without a copy: what was sliced before is still the same memory', () => {
    const floats = growingFloats(4);
    floats.reserve(1);
    const early = floats.slice(0, 1);
    for (let places = 2; places < 2000; places++) floats.reserve(places);
    early.fill(7);
    expect([...floats.slice(0, 2)]).toEqual([7, 7, 7, 7, 0, 0, 0, 0]);
    expect(floats.bytes).toBe(1999 * 16);
  });

  it('gives everything back where nothing is needed', () => {
    const floats = growingFloats(4);
    floats.reserve(1000);
    floats.reserve(0);
    expect(floats.bytes).toBe(0);
  });
});
