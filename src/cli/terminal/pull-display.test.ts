import { expect, it } from 'vitest';
import { fakeStream, type StreamKind } from '../testing/fake-stream.ts';
import { createPullDisplay } from './pull-display.ts';

const MIB = 2 ** 20;

/** Half of 100 MiB came in the ten seconds after 20 MiB that were there. */
function shown(kind: StreamKind): string {
  const { stream, text } = fakeStream(kind);
  let now = 0;
  const display = createPullDisplay(stream, () => now);
  display.update(20 * MIB, 100 * MIB);
  now = 5_000;
  display.update(40 * MIB, 100 * MIB);
  now = 10_000;
  display.update(70 * MIB, 100 * MIB);
  display.tell('done');
  return text();
}

it('draws one bar over all files on a terminal, and takes it away', () => {
  expect(shown('colours')).toMatch(/pulling .+ 40\.0 MiB of 100\.0 MiB, 4\.0 MiB\/s/);
  expect(shown('colours').match(/\n/g)).toHaveLength(1);
});

it('writes a line now and then into a pipe', () => {
  expect(shown('pipe')).toBe('70.0 MiB of 100.0 MiB, 5.0 MiB/s\ndone\n');
});
