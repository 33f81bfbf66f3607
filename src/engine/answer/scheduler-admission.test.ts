import { describe, expect, it } from 'vitest';
import { type Asking, askAdmission, askHost } from '../../contracts/need.ts';
import { ticket, toyNetworks, turn } from '../testing/toy-writing.ts';
import { createScheduler, type Limits, type Ticket } from './scheduler.ts';

describe('admission', () => {
  /** Machines that hold their place until they are let go, and the order in which they got it. */
  function holders(limits: Limits) {
    const scheduler = createScheduler(toyNetworks().networks, limits);
    const admitted: string[] = [];
    const leave = new Map<string, () => void>();
    const hold = (name: string, columns: number, more: Partial<Ticket> = {}) => {
      function* machine(): Asking<string> {
        yield* askAdmission(columns);
        admitted.push(name);
        yield* askHost(() => new Promise<void>((resolve) => leave.set(name, resolve)));
        return name;
      }
      return scheduler.run(machine(), ticket(more));
    };
    const settle = async () => {
      for (let i = 0; i < 3; i++) await turn();
      return [...admitted];
    };
    return { scheduler, hold, settle, leave: (name: string) => leave.get(name)?.() };
  }

  it('is given to so many at a time, in the order in which they came', async () => {
    const { hold, settle, leave } = holders({ sequences: 2, columns: Infinity });
    const all = ['a', 'b', 'c', 'd'].map((name) => hold(name, 10));
    expect(await settle()).toEqual(['a', 'b']);
    leave('b');
    expect(await settle()).toEqual(['a', 'b', 'c']);
    leave('a');
    expect(await settle()).toEqual(['a', 'b', 'c', 'd']);
    leave('c');
    leave('d');
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is given as far as the columns go, and a small one does not overtake a large one', async () => {
    const { hold, settle, leave } = holders({ sequences: 9, columns: 100 });
    const all = [hold('a', 60), hold('b', 40), hold('large', 80), hold('small', 1)];
    expect(await settle()).toEqual(['a', 'b']);
    leave('b');
    expect(await settle()).toEqual(['a', 'b']);
    leave('a');
    expect(await settle()).toEqual(['a', 'b', 'large', 'small']);
    leave('large');
    leave('small');
    await Promise.all(all);
  });

  it('is given to a lone answer, however much it may need', async () => {
    const { hold, settle, leave } = holders({ sequences: 1, columns: 5 });
    const all = [hold('a', 1000), hold('b', 1000)];
    expect(await settle()).toEqual(['a']);
    leave('a');
    expect(await settle()).toEqual(['a', 'b']);
    leave('b');
    await Promise.all(all);
  });

  it('tells how many columns are left for what is kept', async () => {
    const left: number[] = [];
    const { hold, settle, leave } = holders({
      sequences: 9,
      columns: 100,
      release: (columns) => left.push(columns),
    });
    const all = [hold('a', 30), hold('b', 60), hold('c', 20)];
    await settle();
    expect(left).toEqual([70, 10]);
    leave('a');
    await settle();
    expect(left).toEqual([70, 10, 20]);
    leave('b');
    leave('c');
    await Promise.all(all);
  });

  it('is not needed by one that was cancelled, and takes no room from others', async () => {
    const { hold, settle, leave, scheduler } = holders({ sequences: 9, columns: 100 });
    let cancelled = false;
    const all = [
      hold('a', 50),
      hold('large', 80),
      hold('gone', 70, { cancelled: () => cancelled }),
      hold('small', 1),
    ];
    expect(await settle()).toEqual(['a']);
    cancelled = true;
    // What is to be done next tells the scheduler to look again.
    const other = hold('other', 0);
    expect(await settle()).toEqual(['a', 'gone']);
    leave('gone');
    leave('a');
    expect(await settle()).toEqual(['a', 'gone', 'large', 'small', 'other']);
    for (const name of ['large', 'small', 'other']) leave(name);
    await Promise.all([...all, other]);
    expect(scheduler.running).toBe(0);
  });
});
