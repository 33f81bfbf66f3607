import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intsOf } from '../contracts/session.ts';
import { rowFeeds } from './row-feeds.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const HIDDEN_SIZE = 3;

const rows = fc.array(
  fc.record({ id: fc.nat(99), picture: fc.boolean(), value: fc.integer({ min: 1000, max: 9999 }) }),
  { maxLength: 12 },
);

describe('rowFeeds', () => {
  it('orders words and visual embeddings as the rows stand', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const slots = Int32Array.from([...given.keys()].filter((row) => given[row]?.picture));
        const data = Float32Array.from(
          [...slots].flatMap((row) => Array<number>(HIDDEN_SIZE).fill(given[row]?.value ?? 0)),
        );
        const visual = { embeddings: { data, count: slots.length, width: HIDDEN_SIZE }, slots };
        const ids = Int32Array.from(given, ({ id }) => id);
        const feeds = rowFeeds(ids, visual, HIDDEN_SIZE);

        expect(feeds.visual.shape).toEqual([slots.length, HIDDEN_SIZE]);
        const entries = [
          ...feeds.ids.data,
          ...Array.from(slots, (_, j) => feeds.visual.data[j * HIDDEN_SIZE]),
        ];
        const read = Array.from(intsOf(feeds, 'order'), (entry) => entries[entry]);
        expect(read).toEqual(given.map(({ id, picture, value }) => (picture ? value : id)));
      }),
      { numRuns },
    );
  });

  it('keeps placeholders, which a table may lack, out of the words', () => {
    const embeddings = { data: new Float32Array(6), count: 2, width: HIDDEN_SIZE };
    const ids = Int32Array.of(5, 32_000, 32_000);
    const feeds = rowFeeds(ids, { embeddings, slots: Int32Array.of(1, 2) }, HIDDEN_SIZE);
    expect([...feeds.ids.data]).toEqual([5, 0, 0]);
    expect([...ids]).toEqual([5, 32_000, 32_000]);
  });

  it('feeds no visual rows to a text', () => {
    const feeds = rowFeeds(Int32Array.of(5, 6), undefined, HIDDEN_SIZE);
    expect(feeds.visual.shape).toEqual([0, HIDDEN_SIZE]);
    expect([...feeds.order.data]).toEqual([0, 1]);
  });
});
