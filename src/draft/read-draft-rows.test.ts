import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftRows } from '../contracts/drafter.ts';
import { cutReadRows, readDraftRows } from './read-draft-rows.ts';
import { heldRows, readHeld } from './testing/held-rows.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const WIDTH = 2;

const rows = (width: number, ...data: number[]) => ({
  data: Float32Array.from(data),
  count: data.length / width,
  width,
});

/** One row: its token, feature, place, and visual embedding if any. */
interface Row {
  readonly token: number;
  readonly seen: number | null;
}
const row: fc.Arbitrary<Row> = fc.record({
  token: fc.nat(1000),
  seen: fc.option(fc.nat(1000), { nil: null }),
});
const pieces = fc.array(fc.array(row, { maxLength: 6 }), { minLength: 1, maxLength: 5 });

/** A piece whose rows are told apart by token, feature, position and embedding. */
function pieceOf(all: readonly Row[], from: number): DraftRows {
  const features = all.flatMap(({ token }) => Array<number>(WIDTH).fill(token + 0.5));
  const held = heldRows(
    Int32Array.from(all, ({ token }) => token),
    rows(WIDTH, ...features),
  );
  const slots = [...all.keys()].filter((at) => all[at]?.seen !== null);
  const seen = slots.flatMap((at) => Array<number>(WIDTH).fill(all[at]?.seen ?? 0));
  const places = (axis: number) => Int32Array.from(all, (_, at) => 10 * (from + at) + axis);
  const tokens = {
    ...(slots.length > 0 && {
      visual: { embeddings: rows(WIDTH, ...seen), slots: Int32Array.from(slots) },
    }),
    positions: { time: places(0), height: places(1), width: places(2) },
  };
  const { positions, ...seenAlone } = tokens;
  const before = { time: places(-10), height: places(-9), width: places(-8) };
  return { ...held, ...tokens, own: { ...seenAlone, positions: before } };
}

function piecesOf(all: readonly (readonly Row[])[]): DraftRows[] {
  let from = 0;
  return all.map((piece) => {
    const made = pieceOf(piece, from);
    from += piece.length;
    return made;
  });
}

describe('readDraftRows', () => {
  it('reads pieces as if they had been one', () =>
    fc.assert(
      fc.asyncProperty(pieces, async (all) => {
        const whole = await readDraftRows(piecesOf([all.flat()]), readHeld);
        expect(await readDraftRows(piecesOf(all), readHeld)).toEqual(whole);
        const tokens = all.flat().map(({ token }) => token);
        expect([...whole.next]).toEqual(tokens);
        expect([...whole.features.data]).toEqual(
          tokens.flatMap((token) => Array<number>(WIDTH).fill(token + 0.5)),
        );
        expect([...(whole.positions?.width ?? [])]).toEqual(tokens.map((_, at) => 10 * at + 2));
        const own = tokens.map((_, at) => 10 * at - 8);
        expect([...(whole.own.positions?.width ?? [])]).toEqual(own);
        expect(whole.own.visual).toEqual(whole.visual);
      }),
      { numRuns },
    ));

  it('moves the visual slots of later pieces along', async () => {
    const word = { token: 1, seen: null };
    const picture = { token: 2, seen: 7 };
    const read = await readDraftRows(
      piecesOf([
        [word, picture],
        [picture, word, word],
      ]),
      readHeld,
    );
    expect(read.visual).toEqual({
      embeddings: rows(WIDTH, 7, 7, 7, 7),
      slots: Int32Array.of(1, 2),
    });
  });

  it('has no visual rows where no piece has, and positions only where all have', async () => {
    const [first, second] = piecesOf([[{ token: 1, seen: null }], [{ token: 2, seen: null }]]);
    const { positions: _, ...unplaced } = second as DraftRows;
    const read = await readDraftRows([first as DraftRows, unplaced], readHeld);
    expect(read).not.toHaveProperty('visual');
    expect(read).not.toHaveProperty('positions');
  });
});

describe('cutReadRows', () => {
  it('cuts what would have been read of those rows alone', () =>
    fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1 }), fc.nat(), fc.nat(), async (all, a, b) => {
        const [from, to] = [a % (all.length + 1), b % (all.length + 1)].sort((x, y) => x - y);
        const whole = await readDraftRows([pieceOf(all, 0)], readHeld);
        const part = pieceOf(all.slice(from, to), from as number);
        const alone = await readDraftRows([part], readHeld);
        const { visual, ...rest } = cutReadRows(whole, from as number, to as number);
        expect({ ...rest, ...(visual?.slots.length && { visual }) }).toEqual(alone);
      }),
      { numRuns },
    ));
});
