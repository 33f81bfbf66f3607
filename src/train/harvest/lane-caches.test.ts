import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLaneCaches, type PassColumns } from './lane-caches.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const SHAPE = { layers: 2, kvHeads: 2, headDim: 3 };
const LANES = 3;
const WIDTH = SHAPE.kvHeads * SHAPE.headDim;

const commands = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('append' as const),
      lane: fc.nat(2),
      r: fc.integer({ min: 1, max: 90 }),
      spare: fc.nat(2),
    }),
    fc.record({ do: fc.constant('truncate' as const), lane: fc.nat(2), to: fc.nat(300) }),
  ),
  { maxLength: 12 },
);

/** What a pass over all lanes gave: every number tells its column, and where it stands. */
function passOf(r: number, mark: number): PassColumns {
  const size = SHAPE.layers * LANES * WIDTH * r;
  const numbers = (sign: number) =>
    Float32Array.from({ length: size }, (_, i) => sign * (mark + i));
  return { keys: numbers(1), values: numbers(-1), count: LANES, r };
}

describe('caches of lanes', () => {
  it('hold what was appended and not truncated, whatever their capacity', () => {
    const property = fc.property(commands, (given) => {
      const caches = createLaneCaches(SHAPE, LANES);
      // [lane][column] → the pass and row that it came from
      const expected: { pass: PassColumns; row: number }[][] = [[], [], []];
      given.forEach((command, turn) => {
        const columns = expected[command.lane] ?? [];
        if (command.do === 'truncate') {
          caches.truncate(command.lane, command.to);
          columns.splice(command.to);
          return;
        }
        const pass = passOf(command.r, 10_000 * turn);
        const rows = Math.max(1, command.r - command.spare);
        caches.append(command.lane, pass, command.lane, rows);
        for (let row = 0; row < rows; row++) columns.push({ pass, row });
      });
      const { capacity } = caches;
      const views = caches.view(0, LANES);
      for (const [lane, columns] of expected.entries()) {
        expect(caches.lengthOf(lane)).toBe(columns.length);
        for (const [at, { pass, row }] of columns.entries()) {
          for (const [layer, { keys, values }] of views.entries()) {
            for (let line = 0; line < WIDTH; line++) {
              const from = ((layer * LANES + lane) * WIDTH + line) * pass.r + row;
              expect(keys[(lane * WIDTH + line) * capacity + at]).toBe(pass.keys[from]);
              const [head, i] = [Math.floor(line / SHAPE.headDim), line % SHAPE.headDim];
              const block = (layer * LANES + lane) * SHAPE.kvHeads + head;
              const place = (lane * SHAPE.kvHeads + head) * capacity + at;
              const value = pass.values[(block * pass.r + row) * SHAPE.headDim + i];
              if (values[place * SHAPE.headDim + i] !== value) {
                expect(values[place * SHAPE.headDim + i]).toBe(value);
              }
            }
          }
        }
      }
    });
    fc.assert(property, { numRuns: Math.ceil(numRuns / 10) });
  });

  it('give room back once a long text has left', () => {
    const caches = createLaneCaches(SHAPE, LANES);
    caches.append(0, passOf(90, 0), 0, 90);
    for (let i = 0; i < 9; i++) caches.append(1, passOf(90, 0), 1, 90);
    expect(caches.capacity).toBe(896);
    caches.truncate(1, 0);
    expect(caches.capacity).toBe(128);
  });
});
