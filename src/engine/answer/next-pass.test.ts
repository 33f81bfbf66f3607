import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Drafter } from '../../contracts/drafter.ts';
import type { Sequence } from '../../contracts/target.ts';
import { wordPositions } from '../../decode/draft-rows.ts';
import { createNoDrafter } from '../../draft/none.ts';
import { consecutive } from '../../model/consecutive.ts';
import { type NextPass, nextPass, type PastPasses, type Sort, type Waiting } from './next-pass.ts';

const DRAFTERS: readonly Drafter[] = [createNoDrafter(), createNoDrafter()];
const SEQUENCE: Sequence = {
  length: 0,
  nextPosition: 0,
  commit() {},
  truncate() {},
  dispose() {},
};
const START: PastPasses = { made: 0, newest: {} };

/** A step of so many rows. */
const step = (rows: number, since = 0): Waiting => ({
  need: {
    type: 'target',
    step: {
      sequence: SEQUENCE,
      ids: new Int32Array(rows),
      parents: consecutive(rows, -1),
      positions: wordPositions(rows, 0),
      heads: Int32Array.of(rows - 1),
      want: 'best',
    },
  },
  since,
});
const picture = (since = 0): Waiting => ({ need: { type: 'vision', feeds: {} }, since });
const draft = (since = 0, which = 0): Waiting => {
  const drafter = DRAFTERS[which] as Drafter;
  return { need: { type: 'draft', drafter, job: { state: drafter.open(), rows: [] } }, since };
};

const rowsOf = ({ need }: Waiting) => (need.type === 'target' ? need.step.ids.length : 0);

/** A need of any kind: what a fresh answer, one that writes or a reader of a long prompt waits for. */
const need = fc.oneof(
  fc.constantFrom(draft, () => draft(0, 1), picture).map((make) => make()),
  fc.integer({ min: 1, max: 64 }).map((rows) => step(rows)),
  fc.integer({ min: 65, max: 512 }).map((rows) => step(rows)),
);

/** Passes one after the other, new needs before each, until nothing waits. Told of each with what waited for it. */
function play(
  arrivals: readonly (readonly Waiting[])[],
  onPass: (waiting: readonly Waiting[], pass: NextPass, past: PastPasses) => void,
): void {
  let waiting: Waiting[] = [];
  let past = START;
  const left = [...arrivals];
  for (;;) {
    const { made } = past;
    waiting = [...waiting, ...(left.shift() ?? []).map((one) => ({ ...one, since: made }))];
    const pass = nextPass(waiting, past);
    if (pass === null) {
      expect(waiting).toEqual([]);
      if (left.length === 0) return;
      continue;
    }
    onPass(waiting, pass, past);
    waiting = waiting.filter((_, at) => !pass.members.includes(at));
    past = { made: made + 1, newest: { ...past.newest, [pass.sort]: made + 1 } };
  }
}

const arrivals = fc.array(fc.array(need, { maxLength: 12 }), { maxLength: 30 });

describe('the next pass', () => {
  it('is none where nothing waits', () => {
    expect(nextPass([], START)).toBeNull();
  });

  it('drafts first, for all that wait for the drafter that was asked first', () => {
    const waiting = [step(1), draft(0, 1), picture(), draft(0, 0), draft(0, 1)];
    expect(nextPass(waiting, START)).toEqual({ sort: 'draft', members: [1, 4] });
  });

  it('lets pictures and steps take turns', () => {
    const sorts: Sort[] = [];
    const pictures = Array.from({ length: 4 }, () => picture());
    play([[...pictures, step(1)], [step(1)], [step(1)]], (_, { sort }) => sorts.push(sort));
    expect(sorts).toEqual(['vision', 'step', 'vision', 'step', 'vision', 'vision']);
  });

  it('sees one picture at a time, the one that waits longest', () => {
    expect(nextPass([picture(3), picture(1), picture(2)], START)?.members).toEqual([1]);
  });

  it('holds steps of like many rows, the one that waited longest among them', () => {
    const waiting = [step(1, 5), step(60, 4), step(2, 5), step(1, 5), step(50, 5)];
    expect(nextPass(waiting, { made: 5, newest: {} })?.members).toEqual([1, 4]);
    expect(nextPass(waiting.toSpliced(1, 1), { made: 5, newest: {} })?.members).toEqual([0, 1, 2]);
  });

  it('holds steps of any rows once they waited for a pass, or where others wait for a turn', () => {
    const waiting = [
      step(60, 3),
      step(1, 4),
      step(1, 5),
      ...Array.from({ length: 5 }, () => step(1, 5)),
    ];
    const past = { made: 5, newest: { draft: 5 } };
    expect(nextPass(waiting, past)?.members).toEqual([0, 1]);
    for (const other of [step(200, 5), picture(5)]) {
      const newest = { draft: 5, vision: 5, chunk: 5 };
      const all = waiting.map((_, at) => at);
      expect(nextPass([...waiting, other], { made: 5, newest })?.members).toEqual(all);
    }
  });

  it('pads few enough rows: many short steps let a long one go alone, and then follow', () => {
    const waiting = [step(60, 3), ...Array.from({ length: 40 }, () => step(1, 4))];
    const past = { made: 5, newest: {} };
    expect(nextPass(waiting, past)?.members).toEqual([0]);
    expect(nextPass([...waiting, step(200, 5)], past)?.members).toEqual([0]);
    expect(nextPass(waiting.slice(1), past)?.members).toHaveLength(40);
  });

  it('serves the step that was the oldest within three passes, whatever else waits', () => {
    fc.assert(
      fc.property(arrivals, (arrivals) => {
        let unserved = 0;
        play(arrivals, (waiting, { members }) => {
          const ages = waiting.flatMap((one) => (rowsOf(one) > 0 ? [one.since] : []));
          const oldest = Math.min(...ages);
          const serves = (at: number) => {
            const one = waiting[at] as Waiting;
            return rowsOf(one) > 0 && one.since === oldest;
          };
          unserved = ages.length === 0 || members.some(serves) ? 0 : unserved + 1;
          expect(unserved).toBeLessThan(3);
        });
      }),
      { numRuns: Number(process.env.MSD_FUZZ ?? 300) },
    );
  });

  it('serves a short step within three passes while a long prompt is read, whatever is drafted and seen', () => {
    const other = fc.oneof(
      fc
        .constantFrom(
          () => draft(),
          () => draft(0, 1),
          picture,
        )
        .map((make) => make()),
      fc.integer({ min: 1, max: 30 }).map((rows) => step(rows)), // all of them fit into one pass
    );
    const chunk = fc.integer({ min: 65, max: 512 }).map((rows) => step(rows));
    const arrival = fc
      .tuple(chunk, fc.array(other, { maxLength: 4 }))
      .map(([one, more]) => [one, ...more]);
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 30 }), (arrivals) => {
        play(arrivals, (waiting, { members }, { made }) => {
          if (made >= arrivals.length) return; // no more chunks come
          for (const [at, one] of waiting.entries()) {
            const short = rowsOf(one) > 0 && rowsOf(one) <= 64;
            if (short && made - one.since >= 2) expect(members.includes(at)).toBe(true);
          }
        });
      }),
      { numRuns: Number(process.env.MSD_FUZZ ?? 300) },
    );
  });

  it('lets nobody starve: drafts and pictures get every third pass at least, in turns', () => {
    fc.assert(
      fc.property(arrivals, (arrivals) => {
        const waited = new Map<string, number>();
        const limits = { draft: 6, vision: 6, other: 3 };
        play(arrivals, (waiting, { sort }) => {
          for (const [name, limit] of Object.entries(limits)) {
            const is = (type: string) =>
              name === type || (name === 'other' && (type === 'draft' || type === 'vision'));
            const waits = waiting.some(({ need }) => is(need.type));
            waited.set(name, waits && !is(sort) ? (waited.get(name) ?? 0) + 1 : 0);
            expect(waited.get(name)).toBeLessThan(limit);
          }
        });
      }),
      { numRuns: Number(process.env.MSD_FUZZ ?? 300) },
    );
  });

  it('holds needs of one sort, chunks apart from shorter steps, and rows as far as a pass reaches', () => {
    fc.assert(
      fc.property(arrivals, (arrivals) => {
        play(arrivals, (waiting, { sort, members }) => {
          const served = members.map((at) => waiting[at] as Waiting);
          expect(new Set(members).size).toBe(members.length);
          expect(members.length).toBeGreaterThan(0);
          const sorts = served.map((one) => {
            if (one.need.type !== 'target') return one.need.type;
            return rowsOf(one) > 64 ? 'chunk' : 'step';
          });
          expect([...new Set(sorts)]).toEqual([sort]);
          if (sort === 'vision') expect(members.length).toBe(1);
          const drafters = served.map(({ need }) => (need.type === 'draft' ? need.drafter : null));
          expect(new Set(drafters).size).toBe(1);
          const rows = served.reduce((sum, one) => sum + rowsOf(one), 0);
          if (members.length > 1) expect(rows).toBeLessThanOrEqual(512);
        });
      }),
      { numRuns: Number(process.env.MSD_FUZZ ?? 300) },
    );
  });
});
