import fc from 'fast-check';
import { expect, it } from 'vitest';
import { accepts } from './accepts.ts';
import { createAutomaton } from './automaton.ts';
import { numberRange } from './number-range.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

it('holds every number between its bounds, written as JSON has it, and no other', () => {
  const bound = fc.bigInt({ min: -30_000n, max: 30_000n });
  const range = fc.record({
    a: bound,
    b: bound,
    decimals: fc.nat(3),
    step: fc.constantFrom(1n, 3n, 50n),
  });
  fc.assert(
    fc.property(range, fc.array(bound, { minLength: 20 }), ({ a, b, decimals, step }, units) => {
      const [least, most] = a < b ? [a, b] : [b, a];
      const automaton = createAutomaton(numberRange({ least, most, decimals, step }));
      for (const unit of [...units, least, most, least - 1n, most + 1n, 0n]) {
        const text = String(Number(unit) / 10 ** decimals);
        const inside = least <= unit && unit <= most && unit % step === 0n;
        expect([text, accepts(automaton, text)]).toEqual([text, inside]);
      }
    }),
    { numRuns },
  );
});

it('holds no other spelling of a number', () => {
  const automaton = createAutomaton(
    numberRange({ least: -500n, most: 500n, decimals: 1, step: 1n }),
  );
  for (const text of ['01', '-0', '+1', '1.', '.5', '1.00', '1e1', '', '-']) {
    expect([text, accepts(automaton, text)]).toEqual([text, false]);
  }
  for (const text of ['0', '-0.1', '50', '-50.0', '7.3']) {
    expect([text, accepts(automaton, text)]).toEqual([text, true]);
  }
});
