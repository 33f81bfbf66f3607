import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLedger, type Payee } from './ledger.ts';

/** A clock that stands still unless it is moved. */
function standing() {
  let time = 1000;
  return {
    clock: () => time,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

describe('a ledger', () => {
  it('books what was charged by who took it, and by the phase', () => {
    const { clock, pass } = standing();
    const ledger = createLedger(clock);
    const charge = () => {
      for (const [payee, ms] of [
        ['tower', 1],
        ['target', 10],
        ['draft', 100],
        ['host', 1000],
      ] as const) {
        ledger.charge(payee, ms);
      }
    };
    charge();
    expect(ledger.timings()).toMatchObject({
      vision: 1111,
      prefill: 0,
      target: 0,
      draft: 0,
      host: 0,
    });
    ledger.begin('prefill');
    charge();
    const prefill = { vision: 1112, prefill: 10, target: 0, draft: 100, host: 1000 };
    expect(ledger.timings()).toMatchObject(prefill);
    ledger.begin('decode');
    charge();
    const decode = { vision: 1113, prefill: 10, target: 10, draft: 200, host: 2000 };
    expect(ledger.timings()).toMatchObject(decode);
    pass(7);
    expect(ledger.timings().total).toBe(7);
  });

  it('counts time of the host while the request runs, and none while it waits', () => {
    const { clock, pass } = standing();
    const ledger = createLedger(clock);
    ledger.begin('decode');
    pass(5);
    ledger.enter();
    pass(2);
    ledger.leave();
    pass(50);
    ledger.enter();
    pass(1);
    expect(ledger.lap().hostMs).toBe(3);
    expect(ledger.lap().hostMs).toBe(0);
    pass(1);
    ledger.leave();
    ledger.leave();
    expect(ledger.timings()).toMatchObject({ host: 4, total: 59 });
  });

  it('books the time up to a new phase with the old one', () => {
    const { clock, pass } = standing();
    const ledger = createLedger(clock);
    ledger.enter();
    pass(3);
    ledger.begin('decode');
    pass(4);
    ledger.leave();
    expect(ledger.timings()).toMatchObject({ vision: 3, host: 4 });
  });

  it('tells by the lap what was spent outside of vision, reading the prompt included', () => {
    const ledger = createLedger(() => 0);
    ledger.charge('target', 9);
    ledger.begin('prefill');
    ledger.charge('target', 20);
    expect(ledger.lap()).toEqual({ targetMs: 20, draftMs: 0, hostMs: 0 });
    ledger.begin('decode');
    ledger.charge('target', 3);
    ledger.charge('draft', 4);
    ledger.charge('tower', 5);
    expect(ledger.lap()).toEqual({ targetMs: 3, draftMs: 4, hostMs: 0 });
  });

  it('tells when the first token came, which decoding begins with', () => {
    const { clock, pass } = standing();
    const ledger = createLedger(clock);
    pass(5);
    ledger.begin('prefill');
    pass(20);
    expect(ledger.timings().firstToken).toBeNull();
    ledger.begin('decode');
    pass(100);
    expect(ledger.timings()).toMatchObject({ firstToken: 25, total: 125 });
  });

  it('loses nothing and counts nothing twice', () => {
    const payee = fc.constantFrom<Payee>('tower', 'target', 'draft', 'host');
    const act = fc.oneof(
      fc.record({ pay: payee, ms: fc.nat(100) }),
      fc.record({ work: fc.nat(100) }),
      fc.record({ wait: fc.nat(100) }),
      fc.record({
        phase: fc.constantFrom('vision' as const, 'prefill' as const, 'decode' as const),
      }),
      fc.record({ look: fc.constant(true) }),
    );
    fc.assert(
      fc.property(fc.array(act), (acts) => {
        const { clock, pass } = standing();
        const ledger = createLedger(clock);
        let [sum, lapped] = [0, 0];
        const lap = () => {
          const { targetMs, draftMs, hostMs } = ledger.lap();
          lapped += targetMs + draftMs + hostMs;
        };
        for (const one of acts) {
          if ('pay' in one) {
            ledger.charge(one.pay, one.ms);
            sum += one.ms;
          } else if ('work' in one) {
            ledger.enter();
            pass(one.work);
            ledger.leave();
            sum += one.work;
          } else if ('wait' in one) pass(one.wait);
          else if ('phase' in one) ledger.begin(one.phase);
          else lap();
        }
        const { vision, prefill, target, draft, host } = ledger.timings();
        expect(vision + prefill + target + draft + host).toBe(sum);
        lap();
        expect(lapped).toBe(sum - vision);
      }),
    );
  });
});
