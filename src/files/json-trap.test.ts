import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from '../contracts/printable.ts';
import { jsonTrap } from './json-trap.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

describe('jsonTrap', () => {
  it('finds none in what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(jsonTrap(text)).toBeUndefined();
      }),
      { numRuns },
    );
  });

  it('finds a key that is added once more, however it is escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.json(), (key, json) => {
        const once = `${JSON.stringify(key)}:${json}`;
        const again = `"${escapeAll(key)}" :1`;
        expect(jsonTrap(`[{${once}}, {${again}}]`)).toBeUndefined();
        expect(jsonTrap(`[{${once}, ${again}}]`)).toBe(
          `has the key ${printable(key)} twice in one object`,
        );
      }),
      { numRuns },
    );
  });

  it('lets one key stand in two objects', () => {
    expect(jsonTrap('{"a":{"a":1},"b":[{"a":1},{"a":2}]}')).toBeUndefined();
  });

  it('refuses nesting that no model file has, in bounded time', () => {
    expect(jsonTrap(`${'['.repeat(64)}${']'.repeat(64)}`)).toBeUndefined();
    expect(jsonTrap('[{"a":'.repeat(1e6))).toBe('is nested more than 64 levels deep');
  });

  it('comes to an end on text that is no JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\ a\n1') }), (text) => {
        expect(['passed', 'refused', 'SyntaxError']).toContain(endOf(() => jsonTrap(text)));
      }),
      { numRuns },
    );
  });

  it('tells keys from values', () => {
    expect(jsonTrap('{"a":"b","b":"a","c":["a","a"]}')).toBeUndefined();
  });
});

function escapeAll(text: string): string {
  return Array.from(
    { length: text.length },
    (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}

function endOf(walk: () => string | undefined): string {
  try {
    return walk() === undefined ? 'passed' : 'refused';
  } catch (error) {
    return error instanceof SyntaxError ? 'SyntaxError' : String(error);
  }
}
