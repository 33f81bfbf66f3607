import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DraftRows, TokenRows } from '../../contracts/drafter.ts';
import type { RowsRef } from '../../contracts/target.ts';
import { wordPositions } from '../../decode/draft-rows.ts';
import { readDraftRows } from '../../draft/read-draft-rows.ts';
import { cutDraftRows } from './cut-draft-rows.ts';

/** Where a piece's features lie, each of them telling its row's place in the text. */
interface Place extends RowsRef {
  readonly first: number;
}

/** Rows that are read from every other row of a pass; those at `slots` are visual. */
function piece(first: number, count: number, slots: readonly number[], placed: boolean): DraftRows {
  const next = Int32Array.from({ length: count }, (_, i) => first + i);
  const from: Place = { count: 2 * count, first };
  const tokens = (offset: number): TokenRows => {
    const data = Float32Array.from(slots, (slot) => offset + 1000 + first + slot);
    const embeddings = { data, count: slots.length, width: 1 };
    return {
      ...(placed && { positions: wordPositions(count, offset + 500 + first) }),
      ...(slots.length > 0 && { visual: { embeddings, slots: Int32Array.from(slots) } }),
    };
  };
  return { next, from, at: next.map((_, i) => 2 * i), ...tokens(0), own: tokens(5000) };
}

async function read(rows: RowsRef, at: Int32Array = new Int32Array(0)) {
  const { first } = rows as Place;
  return { data: Float32Array.from(at, (row) => 2 * first + row), count: at.length, width: 1 };
}

it('keeps the first rows, with their features and positions, visual ones with their embeddings', async () => {
  const shape = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.array(fc.boolean(), { minLength: 6 }));
  const shapes = fc.array(shape, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(shapes, fc.nat(32), fc.boolean(), async (shapes, wanted, placed) => {
      let first = 0;
      const pieces = shapes.map(([count, visual]) => {
        const slots = Array.from({ length: count }, (_, i) => i).filter((i) => visual[i]);
        first += count;
        return piece(first - count, count, slots, placed);
      });
      const count = Math.min(wanted, first);
      const places = Array.from({ length: count }, (_, place) => place);
      const cut = await readDraftRows(cutDraftRows(pieces, count), read);
      expect([...cut.next]).toEqual(places);
      expect([...cut.features.data]).toEqual(places.map((place) => 2 * place));
      const whole = await readDraftRows(pieces, read);
      const slots = [...(whole.visual?.slots ?? [])].filter((slot) => slot < count);
      expect([...(cut.visual?.slots ?? [])]).toEqual(slots);
      expect([...(cut.visual?.embeddings.data ?? [])]).toEqual(slots.map((slot) => 1000 + slot));
      for (const axis of ['time', 'height', 'width'] as const) {
        const expected = placed && count > 0 ? places.map((place) => 500 + place) : [];
        expect([...(cut.positions?.[axis] ?? [])]).toEqual(expected);
        const own = expected.map((place) => 5000 + place);
        expect([...(cut.own.positions?.[axis] ?? [])]).toEqual(own);
      }
      expect([...(cut.own.visual?.slots ?? [])]).toEqual(slots);
      expect([...(cut.own.visual?.embeddings.data ?? [])]).toEqual(
        slots.map((slot) => 6000 + slot),
      );
    }),
    { numRuns: Number(process.env.MSD_FUZZ ?? 300) },
  );
});
