import { describe, expect, it } from 'vitest';
import { fakeStream } from '../testing/fake-stream.ts';
import { answerWriter, legendFor } from './answer-writer.ts';

/** What a stream shows of the target's ` red`, a drafted ` square` and a drafted control character. */
function shown(kind: Parameters<typeof fakeStream>[0]): string {
  const { stream, text } = fakeStream(kind);
  const { write, end } = answerWriter(stream);
  write(' red', false);
  write(' square', true);
  write('\n\u{1b}[2J', true);
  end();
  return text();
}

describe('drafted tokens', () => {
  it('are green and underlined on a terminal with colours', () => {
    const [MARK, END] = ['\u{1b}[32m\u{1b}[4m', '\u{1b}[24m\u{1b}[39m'];
    expect(shown('colours')).toContain(` red${MARK} ${END}${MARK}square${END}`);
  });

  it('look as all others on a terminal without', () => {
    expect(shown('no colours')).toBe(' red square\n\u{fffd}[2J');
  });

  it('look as all others in a pipe, which gets every character', () => {
    expect(shown('pipe')).toBe(' red square\n\u{1b}[2J');
  });
});

it('does not let a text reach into the terminal', () => {
  expect(shown('no colours')).toContain('\n\u{fffd}[2J');
});

it('explains the marks where there are some', () => {
  const legend = (kind: Parameters<typeof fakeStream>[0], drafts = true) =>
    legendFor({ drafts }, fakeStream(kind).stream, fakeStream('pipe').stream);
  expect(legend('colours')).toMatch(/^green and underlined tokens were drafted/);
  expect(legend('no colours')).toBeNull();
  expect(legend('pipe')).toBeNull();
  expect(legend('colours', false)).toBeNull();
});
