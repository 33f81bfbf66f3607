import { describe, expect, it } from 'vitest';
import { printable } from './printable.ts';

describe('printable', () => {
  it('shows values as JSON', () => {
    expect(printable('model.norm')).toBe('"model.norm"');
    expect(printable({ type: 'linear', factor: 2 })).toBe('{"type":"linear","factor":2}');
    expect(printable(undefined)).toBe('missing');
  });

  it('lets no control or direction mark through to a terminal', () => {
    expect(printable('\u001b[2J\u009b\u202e')).toBe('"\\u001b[2J\\u{9b}\\u{202e}"');
  });

  it('cuts what is long', () => {
    expect(printable('x'.repeat(1e6)).length).toBeLessThan(250);
  });
});
