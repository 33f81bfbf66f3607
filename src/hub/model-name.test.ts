import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modelFolder, parseModelName } from './model-name.ts';

const RUNS = Number(process.env.MSD_FUZZ ?? 300);

describe('a model’s name', () => {
  it.each([
    ['llava-hf/llava-1.5-7b-hf', 'llava-hf/llava-1.5-7b-hf', undefined],
    ['owner/name@v1.0', 'owner/name', 'v1.0'],
    ['owner/name@refs/pr/1', 'owner/name', 'refs/pr/1'],
    ['gpt2', 'gpt2', undefined],
  ])('is read from %j', (text, model, revision) => {
    expect(parseModelName(text)).toEqual(revision ? { model, revision } : { model });
  });

  it.each([
    ...['', '/', 'owner/', '/name', 'a/b/c', './name', '../name', 'owner/..', '~/name', 'C:\\x'],
    ...['owner/na--me', 'owner/na..me', '-owner/name', 'owner/name.', 'owner/na me', 'owner/nä'],
    ...['owner/name@', 'owner/name@a@b', 'owner/name@../x', 'owner/name@/x', 'owner/name@x/'],
    ...['owner/name@x/../y', 'owner/name@a..b', 'owner/name@.x', 'owner/name@a\\b', 'a/b@x\0'],
    `owner/${'n'.repeat(97)}`,
  ])('is not %j', (text) => {
    expect(parseModelName(text)).toBeUndefined();
  });

  it('never leads out of the cache’s folder', () => {
    const character = fc.constantFrom(...'ab./\\@-:~'.split(''), '..', '--', '\0');
    fc.assert(
      fc.property(
        fc.array(character).map((all) => all.join('')),
        (text) => {
          const name = parseModelName(text);
          if (name === undefined) return;
          const folder = resolve('/cache', modelFolder(name.model));
          expect(folder).toMatch(/^\/cache\/models--[^/]+$/);
          const ref = join(folder, 'refs', name.revision ?? 'main');
          expect(ref.startsWith(`${folder}/refs/`)).toBe(true);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
