import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DraftRows } from '../../contracts/drafter.ts';
import { joinDraftRows } from '../../decode/draft-rows.ts';
import { cutDraftRows } from './cut-draft-rows.ts';

/** Rows whose numbers tell their place; those at `slots` are visual. */
function piece(first: number, count: number, slots: readonly number[]): DraftRows {
  const places = Int32Array.from({ length: count }, (_, i) => first + i);
  const features = { data: Float32Array.from(places), count, width: 1 };
  if (slots.length === 0) return { next: places, features };
  const data = Float32Array.from(slots, (slot) => 1000 + first + slot);
  const embeddings = { data, count: slots.length, width: 1 };
  return { next: places, features, visual: { embeddings, slots: Int32Array.from(slots) } };
}

it('keeps the first rows, visual ones with their embeddings', () => {
  const shape = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.array(fc.boolean(), { minLength: 6 }));
  fc.assert(
    fc.property(fc.array(shape, { minLength: 1, maxLength: 5 }), fc.nat(32), (shapes, wanted) => {
      let first = 0;
      const pieces = shapes.map(([count, visual]) => {
        const slots = Array.from({ length: count }, (_, i) => i).filter((i) => visual[i]);
        first += count;
        return piece(first - count, count, slots);
      });
      const count = Math.min(wanted, first);
      const whole = joinDraftRows(pieces);
      const cut = joinDraftRows(cutDraftRows(pieces, count));
      expect([...cut.next]).toEqual([...whole.next.slice(0, count)]);
      expect([...cut.features.data]).toEqual([...whole.features.data.slice(0, count)]);
      const slots = [...(whole.visual?.slots ?? [])].filter((slot) => slot < count);
      expect([...(cut.visual?.slots ?? [])]).toEqual(slots);
      expect([...(cut.visual?.embeddings.data ?? [])]).toEqual(slots.map((slot) => 1000 + slot));
    }),
    { numRuns: Number(process.env.MSD_FUZZ ?? 300) },
  );
});
