import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shellCommand } from './shell-command.ts';

it('leaves plain words as they are', () => {
  expect(shellCommand(['train', 'draft', 'data.train=a.json,b.json', '--out', './x'])).toBe(
    'msd train draft data.train=a.json,b.json --out ./x',
  );
});

it('quotes what a shell would take apart', () => {
  expect(shellCommand(['data.train=["a b.json"]'])).toBe(`msd 'data.train=["a b.json"]'`);
});

it('gives back the arguments, whatever they are, when a shell reads it', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', '"', "'", '$', '\\', '\n', '*', '~', 'é'),
  });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), (args) => {
      const script = `msd() { for one in "$@"; do printf '%s\\0' "$one"; done; }\n${shellCommand(args)}`;
      const seen = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
      expect(seen).toBe(args.map((one) => `${one}\0`).join(''));
    }),
    { numRuns: 30 },
  );
});
