import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createShelf, type Holder } from './shelf.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 3);

const HOLDERS = 6;
const holder = fc.nat(HOLDERS - 1);
const withAnother = <Kind extends string>(kind: Kind) => ({
  weight: 1,
  arbitrary: fc.record({ kind: fc.constant(kind), by: holder, with: holder, nth: fc.nat() }),
});
const changes = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('take' as const), by: holder }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('free' as const), by: holder, nth: fc.nat() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('gather' as const),
        by: fc.uniqueArray(holder, { maxLength: HOLDERS }),
      }),
    },
    withAnother('share'),
    withAnother('join'),
  ),
  { maxLength: 60, size: 'max' },
);

/** A shelf with content at its places, and what each holder should find at its own. */
function watchedShelf(widest?: (places: number) => number) {
  const content: string[] = [];
  const moves: { from: number; to: number }[] = [];
  const shelf = createShelf((from, to, swap) => {
    moves.push({ from, to });
    const other = content[to] as string;
    content[to] = content[from] as string;
    content[from] = swap ? other : 'left over';
  }, widest);
  const holders = Array.from({ length: HOLDERS }, (): Holder => ({ places: [] }));
  const owned = holders.map((): string[] => []);
  return { shelf, holders, owned, content, moves };
}

describe('createShelf', () => {
  it('keeps what each holder holds, in its order, whatever is taken, freed and gathered', () => {
    fc.assert(
      fc.property(changes, fc.boolean(), (all, tight) => {
        const widest = (places: number) => (tight ? places : 1.25 * places + 1);
        const { shelf, holders, owned, content } = watchedShelf(tight ? widest : undefined);
        let written = 0;
        const pair = (change: { by: number; with: number }) =>
          [holders[change.by], holders[change.with]] as [Holder, Holder];
        /** Nobody shares a place with another of those who gather. */
        const partAll = (wanted: readonly Holder[]) => {
          const seen = new Set<number>();
          for (const one of wanted) {
            for (const place of [...one.places]) {
              const own = seen.has(place) ? shelf.part(place, one) : place;
              content[own] = content[place] as string;
              seen.add(own);
            }
          }
        };
        for (const change of all) {
          if (change.kind === 'take') {
            const held = holders[change.by] as Holder;
            const place = shelf.take(held);
            expect(held.places.at(-1)).toBe(place);
            content[place] = `${written}`;
            owned[change.by]?.push(`${written}`);
            written += 1;
          } else if (change.kind === 'free') {
            const held = holders[change.by] as Holder;
            if (held.places.length === 0) continue;
            const nth = change.nth % held.places.length;
            shelf.free(held.places[nth] as number, held);
            owned[change.by]?.splice(nth, 1);
          } else if (change.kind === 'share') {
            const [held, other] = pair(change);
            const place = other.places[change.nth % other.places.length];
            if (place === undefined || held.places.includes(place)) continue;
            shelf.share(place, held);
            owned[change.by]?.push(content[place] as string);
          } else if (change.kind === 'join') {
            const [held, other] = pair(change);
            const most = Math.min(held.places.length, other.places.length);
            if (most === 0) continue;
            const nth = change.nth % most;
            const place = other.places[nth] as number;
            if (held.places.includes(place) && held.places[nth] !== place) continue;
            (owned[change.by] as string[])[nth] = content[place] as string;
            shelf.join(held, other, nth);
          } else {
            const wanted = change.by.map((by) => holders[by] as Holder);
            const places = () => wanted.flatMap(({ places }) => places);
            partAll(wanted);
            const { first, count } = shelf.gather(wanted);
            expect(new Set(places()).size, 'none is read for two').toBe(places().length);
            for (const place of places()) {
              expect(place).toBeGreaterThanOrEqual(first);
              expect(place).toBeLessThan(first + count);
            }
            expect(count).toBeLessThanOrEqual(widest(places().length));
            expect(first + count).toBeLessThanOrEqual(shelf.used);
          }
          const taken = holders.flatMap(({ places }) => places);
          expect(shelf.used, 'the last place is held').toBe(Math.max(-1, ...taken) + 1);
          expect(shelf.used).toBeLessThanOrEqual(2 * new Set(taken).size);
          for (const [by, { places }] of holders.entries()) {
            expect(new Set(places).size, 'nobody holds a place twice').toBe(places.length);
            expect(places.map((place) => content[place])).toEqual(owned[by]);
          }
        }
      }),
      { numRuns },
    );
  });

  it('takes the first free place', () => {
    const { shelf, holders } = watchedShelf();
    const [a, b] = holders as [Holder, Holder];
    expect([shelf.take(a), shelf.take(b), shelf.take(a), shelf.take(b)]).toEqual([0, 1, 2, 3]);
    shelf.free(1, b);
    expect(shelf.take(a)).toBe(1);
    expect(a.places).toEqual([0, 2, 1]);
  });

  it('moves nothing where what is wanted stands together, wherever that is', () => {
    const { shelf, holders, moves } = watchedShelf();
    const [a, b] = holders as [Holder, Holder];
    for (let i = 0; i < 10; i++) shelf.take(a);
    for (let i = 0; i < 10; i++) shelf.take(b);
    expect(shelf.gather([b])).toEqual({ first: 10, count: 10 });
    expect(shelf.gather([a, b])).toEqual({ first: 0, count: 20 });
    expect(moves).toEqual([]);
  });

  it('moves each stray place once, and nothing the next time', () => {
    const { shelf, holders, moves } = watchedShelf();
    const [a, b] = holders as [Holder, Holder];
    for (let i = 0; i < 10; i++) {
      shelf.take(a);
      shelf.take(b);
    }
    const window = shelf.gather([b]);
    expect(window).toEqual({ first: 0, count: 10 });
    expect(moves).toHaveLength(5);
    expect(shelf.gather([b])).toEqual(window);
    expect(moves).toHaveLength(5);
  });

  it('frees a place once nobody holds it', () => {
    const { shelf, holders } = watchedShelf();
    const [a, b] = holders as [Holder, Holder];
    shelf.share(shelf.take(a), b);
    shelf.free(0, a);
    expect([shelf.used, a.places, b.places]).toEqual([1, [], [0]]);
    shelf.free(0, b);
    expect([shelf.used, b.places]).toEqual([0, []]);
  });

  it('closes its ranks where most of them are gone', () => {
    const { shelf, holders } = watchedShelf();
    const [a, b] = holders as [Holder, Holder];
    for (let i = 0; i < 10; i++) shelf.take(a);
    shelf.take(b);
    while (a.places.length > 2) shelf.free(a.places[0] as number, a);
    expect(shelf.used).toBeLessThanOrEqual(6);
  });

  it('finds nothing for those that hold nothing', () => {
    const { shelf, holders } = watchedShelf();
    expect(shelf.gather(holders)).toEqual({ first: 0, count: 0 });
  });
});
