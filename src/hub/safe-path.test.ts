import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSafePath } from './safe-path.ts';

const RUNS = Number(process.env.MSD_FUZZ ?? 300);

it('lets no name out of its folder, by the rules of any system', () => {
  const piece = fc.constantFrom('..', '.', '/', '\\', 'a', 'C:', '~', '\0', '\n', ' ', '.json');
  fc.assert(
    fc.property(
      fc.array(piece).map((all) => all.join('')),
      (path) => {
        if (!isSafePath(path)) return;
        expect(posix.join('/base', path)).toBe(`/base/${path}`);
        expect(win32.resolve('D:\\base', path)).toBe(`D:\\base\\${path.replaceAll('/', '\\')}`);
        expect(path).not.toMatch(/[\0\n]/);
      },
    ),
    { numRuns: RUNS },
  );
});

it.each(['config.json', 'a/b.json', 'tiny q4.gguf', '.gitattributes', 'a..b', 'ä.json'])(
  'lets %j pass',
  (path) => {
    expect(isSafePath(path)).toBe(true);
  },
);
