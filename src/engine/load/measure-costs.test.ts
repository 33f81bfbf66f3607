import { describe, expect, it } from 'vitest';
import type { Drafter } from '../../contracts/drafter.ts';
import type { Target } from '../../contracts/target.ts';
import { toyDrafter } from '../../decode/testing/toy-drafter.ts';
import { toyLanguage } from '../../decode/testing/toy-language.ts';
import { toyTarget } from '../../decode/testing/toy-target.ts';
import { measureCosts, warmUp } from './measure-costs.ts';

const LANGUAGE = toyLanguage(20, 2, 1, 5);

/** A machine whose passes take `ms(rows)`, and a level of whose draft takes `level`. */
function machine(ms: (rows: number) => number, level = 0, contextLength = 1024) {
  let time = 0;
  const widths: number[] = [];
  const toy = toyTarget(LANGUAGE, contextLength);
  const target: Target = {
    ...toy,
    async forward(steps) {
      const rows = steps.reduce((sum, { ids }) => sum + ids.length, 0);
      widths.push(rows);
      time += ms(rows);
      return toy.forward(steps);
    },
  };
  const inner = toyDrafter(LANGUAGE.logits, 10, target.read);
  const drafter: Drafter = {
    ...inner,
    async run(jobs) {
      for (const { grow } of jobs) time += level * (grow?.shape.depth ?? 0);
      return inner.run(jobs);
    },
  };
  return { target, drafter, clock: () => time, widths, time: () => time };
}

describe('measureCosts', () => {
  it('times every width, a draft level, and no more than the round has', async () => {
    const { target, drafter, clock } = machine((rows) => 1 + rows / 10, 0.5);
    const { costs } = await measureCosts(target, drafter, clock);
    expect(costs.target.map(({ rows }) => rows)).toEqual([1, 8, 16, 32, 59]);
    for (const { rows, ms } of costs.target) expect(ms).toBeCloseTo(1 + rows / 10);
    expect(costs.draftLevel).toBeCloseTo(0.5);
    expect(costs.host).toBeCloseTo(0);
  });

  it('gives no draft level without a draft', async () => {
    const { target, clock } = machine(() => 1);
    expect((await measureCosts(target, null, clock)).costs.draftLevel).toBe(0);
  });

  it('measures what a round takes beside its pass', async () => {
    let time = 0;
    const toy = toyTarget(LANGUAGE);
    const target: Target = {
      ...toy,
      open() {
        const sequence = toy.open();
        const { commit } = sequence;
        sequence.commit = (forward, rows) => {
          time += 0.25;
          commit(forward, rows);
        };
        return sequence;
      },
      async forward(steps) {
        time += 1;
        return toy.forward(steps);
      },
    };
    expect((await measureCosts(target, null, () => time)).costs.host).toBeCloseTo(0.25);
  });

  it('is not misled by slow first runs', async () => {
    const seen = new Map<number, number>();
    const { target, clock } = machine((rows) => {
      seen.set(rows, (seen.get(rows) ?? 0) + 1);
      return seen.get(rows) === 1 ? 20 : 1;
    });
    const { costs } = await measureCosts(target, null, clock);
    expect(costs.target.map(({ ms }) => ms)).toEqual([1, 1, 1, 1, 1]);
  });

  it('never calls a wider pass cheaper', async () => {
    const { target, clock } = machine((rows) => (rows === 16 ? 1 : 2));
    const { costs } = await measureCosts(target, null, clock);
    expect(costs.target.map(({ ms }) => ms)).toEqual([2, 2, 2, 2, 2]);
  });

  it.each([0.1, 1, 5, 10, 20, 40])('takes half a second at most at %d ms a row', async (row) => {
    const { target, drafter, clock, time } = machine((rows) => rows * row, row);
    const { costs } = await measureCosts(target, drafter, clock);
    expect(time()).toBeLessThan(row <= 20 ? 500 : 1000); // at 40 ms, the needed passes alone take longer
    expect(costs.target.length).toBeGreaterThanOrEqual(2);
  });

  it('leaves out wide passes on a slow machine', async () => {
    const { target, clock } = machine((rows) => 40 + 4 * rows);
    const { costs } = await measureCosts(target, null, clock);
    expect(costs.target.map(({ rows }) => rows)).toEqual([1, 8, 16]);
  });

  it('runs each needed pass once on a machine that is slower still', async () => {
    const { target, drafter, clock, widths } = machine((rows) => 1000 + rows, 100);
    const { costs } = await measureCosts(target, drafter, clock);
    expect(widths).toEqual([8, 1, 8]); // the first warms up
    expect(costs.target).toEqual([
      { rows: 1, ms: 1001 },
      { rows: 8, ms: 1008 },
    ]);
    expect(costs.draftLevel).toBeCloseTo(100);
  });

  it.each([1, 2, 9, 60, 65, 122])('stays within a context of %d', async (contextLength) => {
    // The toy target throws at a row beyond its context.
    const { target, drafter, clock } = machine((rows) => 1 + rows / 10, 0.5, contextLength);
    expect((await measureCosts(target, drafter, clock)).costs.target.length).toBe(5);
  });

  it('leaves no sequence open when a pass fails', async () => {
    const toy = toyTarget(LANGUAGE);
    let open = 0;
    const target: Target = {
      ...toy,
      open() {
        open++;
        const sequence = toy.open();
        sequence.dispose = () => {
          open--;
        };
        return sequence;
      },
      forward: async () => {
        throw new Error('out of luck');
      },
    };
    await expect(measureCosts(target, null, () => 0)).rejects.toThrow('out of luck');
    expect(open).toBe(0);
  });

  it.each([
    ['steady', () => 1, true],
    ['now and then late', (turn: number) => (turn % 7 === 0 ? 9 : 1), true],
    ['busy', (turn: number) => (turn % 7 < 2 ? 1 : 4), false],
  ])('tells whether a %s machine can be trusted', async (_, ms, trusted) => {
    let turn = 0;
    const { target, clock } = machine(() => ms(turn++));
    expect((await measureCosts(target, null, clock)).steady).toBe(trusted);
  });
});

describe('warmUp', () => {
  const known = (ms: number) => ({ target: [{ rows: 1, ms }], draftLevel: 0, host: 0 });

  it('runs the passes of a small model for less than a tenth of a second', async () => {
    const { target, drafter, clock, widths, time } = machine(() => 1, 1);
    await warmUp(known(1), target, drafter, clock);
    expect(widths).toContain(59);
    expect(time()).toBeLessThan(100);
  });

  it('leaves a large model alone', async () => {
    const { target, drafter, clock, widths } = machine(() => 100);
    await warmUp(known(100), target, drafter, clock);
    expect(widths).toEqual([]);
  });
});
