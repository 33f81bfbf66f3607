import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accepts } from './accepts.ts';
import { createAutomaton } from './automaton.ts';
import { characters, choice, literal, NOTHING, repeat, rule, sequence } from './expression.ts';
import { formatExpression } from './format-expression.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

/** Regular expressions over a few characters of one to four bytes. */
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', 'é', '中', '😀', '.', '\\d', '[^a]', '[a-é]', '[b中]', '\\w', '\\s'),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{2,}', '*?'))
      .map(([a, times]) => `(?:${a})${times}`),
  ),
}));
const text = fc
  .array(fc.constantFrom('a', 'b', 'é', '中', '😀', '7', ' ', '\n', '"'), { maxLength: 7 })
  .map((signs) => signs.join(''));

describe('an automaton', () => {
  it('reads what a regular expression of JavaScript finds, and nothing else', () => {
    const bounds = fc.tuple(fc.constantFrom('^', ''), fc.constantFrom('$', ''));
    fc.assert(
      fc.property(
        pattern,
        bounds,
        fc.array(text, { minLength: 5 }),
        (inside, [from, to], texts) => {
          const regex = `${from}${from || to ? `(${inside})` : inside}${to}`;
          const expression = formatExpression({ type: 'regex', regex });
          const automaton = createAutomaton(expression ?? NOTHING);
          for (const one of texts) {
            expect([regex, one, accepts(automaton, one)]).toEqual([
              regex,
              one,
              new RegExp(regex, 'u').test(one),
            ]);
          }
        },
      ),
      { numRuns },
    );
  });

  it('counts to thousands without states for what it never reaches', () => {
    const automaton = createAutomaton(repeat(characters([[0, 0x10ffff]]), 1000, 100_000));
    expect(accepts(automaton, 'é'.repeat(999))).toBe(false);
    expect(accepts(automaton, 'é'.repeat(1000))).toBe(true);
  });

  it('nests as deep as rules go', () => {
    const nested = rule(() => choice(literal('x'), sequence(literal('('), nested, literal(')'))));
    const automaton = createAutomaton(nested);
    const around = (depth: number) => `${'('.repeat(depth)}x${')'.repeat(depth)}`;
    expect(accepts(automaton, around(500))).toBe(true);
    expect(accepts(automaton, `${around(500)})`)).toBe(false);
  });

  it('reads no bytes that are no UTF-8', () => {
    const automaton = createAutomaton(characters([[0, 0x10ffff]]));
    const reads = (...bytes: number[]) =>
      bytes.reduce<ReturnType<typeof automaton.step>>(
        (now, byte) => now?.step(byte) ?? null,
        automaton,
      )?.accepts === true;
    expect(reads(0xf0, 0x9f, 0x98, 0x80)).toBe(true);
    expect(reads(0xc0, 0x80), 'longer than it must be').toBe(false);
    expect(reads(0xed, 0xa0, 0x80), 'half of a pair').toBe(false);
    expect(reads(0xf4, 0x90, 0x80, 0x80), 'beyond the last character').toBe(false);
    expect(reads(0xff)).toBe(false);
  });
});
