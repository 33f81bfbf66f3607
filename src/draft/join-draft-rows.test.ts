import fc from 'fast-check';
import { expect, it } from 'vitest';
import { onAllAxes } from '../decode/draft-rows.ts';
import { consecutive } from '../model/consecutive.ts';
import { joinDraftRows } from './join-draft-rows.ts';

const H = 2;
const lane = (count: number) => ({
  features: { data: new Float32Array(count * H).fill(1), count, width: H },
  positions: onAllAxes(consecutive(count, 5)),
});

it('fills the rows of all texts up with as few zeros as leave none alone, nor with those behind them', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(140), { maxLength: 4 }), fc.nat(300), (counts, behind) => {
      const joined = joinDraftRows(counts.map(lane), H, behind);
      const n = counts.reduce((sum, count) => sum + count, 0);
      expect(joined.count).toBe(n + joined.missing);
      expect(joined.count % 128).not.toBe(1);
      expect((joined.count + behind) % 128).not.toBe(1);
      expect(joined.missing).toBeLessThanOrEqual(3);
      expect([...joined.features]).toEqual([
        ...Array<number>(n * H).fill(1),
        ...Array<number>(joined.missing * H).fill(0),
      ]);
      expect(joined.positions.time.length).toBe(joined.count);
    }),
  );
});
