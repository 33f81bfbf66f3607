import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OptionError } from '../contracts/errors.ts';
import { createStopText } from './stop-text.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

/** The answer by its definition: one character more each time, until the text ends with a stop text. */
function cutWhole(text: string, stops: readonly string[]): { text: string; stopped: boolean } {
  for (let end = 1; end <= text.length; end += 1) {
    const ending = stops.filter((stop) => text.slice(0, end).endsWith(stop));
    const longest = Math.max(0, ...ending.map((stop) => stop.length));
    if (longest > 0) return { text: text.slice(0, end - longest), stopped: true };
  }
  return { text, stopped: false };
}

const words = (maxLength: number) =>
  fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength }).map((letters) => letters.join(''));

describe('createStopText', () => {
  it('gives the text before the first stop text, whatever the pieces', () => {
    fc.assert(
      fc.property(
        fc.array(words(5), { maxLength: 12 }),
        fc.array(
          words(4).filter((stop) => stop !== ''),
          { maxLength: 4 },
        ),
        (pieces, stops) => {
          const stream = createStopText(stops);
          let text = '';
          let stopped = false;
          for (const piece of pieces) {
            const step = stream.push(piece);
            text += step.text;
            stopped = step.stopped;
          }
          expect({ text: text + stream.flush(), stopped }).toEqual(
            cutWhole(pieces.join(''), stops),
          );
        },
      ),
      { numRuns },
    );
  });

  it('holds back no more than the beginning of a stop text', () => {
    const stream = createStopText(['\nUser:']);
    expect(stream.push('Yes.\nUs').text).toBe('Yes.');
    expect(stream.push('ually').text).toBe('\nUsually');
  });

  it('gives nothing after the end', () => {
    const stream = createStopText(['END']);
    expect(stream.push('a END b')).toEqual({ text: 'a ', stopped: true });
    expect(stream.push('c')).toEqual({ text: '', stopped: true });
    expect(stream.flush()).toBe('');
  });

  it('refuses an empty stop text', () => {
    expect(() => createStopText(['x', ''])).toThrow(OptionError);
  });
});
