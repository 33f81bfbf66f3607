import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NonFiniteFeatureError } from '../../contracts/errors.ts';
import type { PictureSpan } from '../../contracts/messages.ts';
import { type FeatureRows, featuresFromHalves, featuresToHalves } from './feature-rows.ts';
import { fromHalves } from './float16.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const rows = (data: Float32Array, width: number) => ({ data, count: data.length / width, width });

/** A dialogue of text and pictures in any order, and feature rows of numbers that float16 holds. */
const taught = fc
  .record({
    width: fc.integer({ min: 1, max: 4 }),
    parts: fc.array(fc.record({ picture: fc.boolean(), length: fc.nat(5) }), { maxLength: 5 }),
    halves: fc.array(fc.nat(0x7bff), { minLength: 200, maxLength: 200 }),
  })
  .map(({ width, parts, halves }) => {
    const spans: PictureSpan[] = [];
    let total = 0;
    for (const { picture, length } of parts) {
      if (picture && length > 0)
        spans.push({ start: total, length, picture: spans.length, row: 0 });
      total += length;
    }
    const slots = Int32Array.from(
      spans.flatMap(({ start, length }) => Array.from({ length }, (_, i) => start + i)),
    );
    const numbers = fromHalves(Uint16Array.from(halves));
    const features = rows(numbers.slice(0, total * width), width);
    const embeddings = rows(numbers.slice(total * width, (total + slots.length) * width), width);
    const featureRows: FeatureRows =
      slots.length === 0 ? { features } : { features, visual: { embeddings, slots } };
    return { width, dialogue: { ids: new Int32Array(total), spans }, featureRows };
  });

describe('feature rows as float16', () => {
  it('comes back with its shapes, slots and numbers', () => {
    fc.assert(
      fc.property(taught, ({ width, dialogue, featureRows }) => {
        expect(featuresFromHalves(featuresToHalves(featureRows), dialogue, width)).toEqual(
          featureRows,
        );
      }),
      { numRuns },
    );
  });

  it.each([65520, -70000, Number.NaN])('refuses %d, which float16 does not hold', (value) => {
    const featureRows = { features: rows(Float32Array.of(1, value), 1) };
    expect(() => featuresToHalves(featureRows)).toThrow(NonFiniteFeatureError);
  });
});
